/** The page's keys, in one table: what help shows is what works. */
import { byKeys } from '../shared/modality.ts';
import { redo, undo } from './explore.ts';
import { pin } from './keep.ts';
import { fit, zoom } from './map_canvas.tsx';
import { map, pairsOpen, panel, selection, tool } from './session.ts';
import * as sound from './sound.ts';

interface Key { keys: string[]; shown: string[]; does: string; run: (event: KeyboardEvent) => void; control?: boolean }

const escape = () => {
  if (tool.value !== 'explore') tool.value = 'explore';
  else selection.value = null;
};

export const keys: Key[] = [
  { keys: [' '], shown: ['Space'], does: 'play, pause', run: sound.toggle },
  { keys: ['1', 'd'], shown: ['1', 'D'], does: 'hear the clip without the effect', run: () => sound.hear('dry') },
  { keys: ['2', 'w'], shown: ['2', 'W'], does: 'hear it with the effect', run: () => sound.hear('wet') },
  { keys: ['3', 'r'], shown: ['3', 'R'], does: 'hear the reference', run: () => sound.hear('reference') },
  { keys: ['b'], shown: ['B'], does: 'bypass: dry and wet in turn', run: () => sound.hear(sound.listen.value === 'dry' ? 'wet' : 'dry') },
  { keys: ['p'], shown: ['P'], does: 'pin as a favourite', run: pin },
  { keys: ['e'], shown: ['E'], does: 'export', run: () => { panel.value = 'export'; } },
  { keys: ['l'], shown: ['L'], does: 'lasso: draw around points', run: () => { if (map.value) tool.value = tool.value === 'lasso' ? 'explore' : 'lasso'; } },
  { keys: ['g'], shown: ['G'], does: 'pair plots', run: () => { if (map.value) pairsOpen.value = !pairsOpen.value; } },
  { keys: ['+', '='], shown: ['+'], does: 'zoom in', run: () => zoom(1.3) },
  { keys: ['-'], shown: ['−'], does: 'zoom out', run: () => zoom(1 / 1.3) },
  { keys: ['f', '0'], shown: ['F'], does: 'the whole map', run: fit },
  { keys: ['z'], shown: ['Ctrl', 'Z'], does: 'undo', run: (event) => (event.shiftKey ? redo() : undo()), control: true },
  { keys: ['y'], shown: ['Ctrl', 'Y'], does: 'redo', run: redo, control: true },
  { keys: ['Escape'], shown: ['Esc'], does: 'leave the lasso, drop the selection', run: escape },
  { keys: ['?'], shown: ['?'], does: 'this help', run: () => { panel.value = 'help'; } },
];

/** Whether a key belongs to what has the focus: text fields and lists take all, buttons the space bar. */
function taken(event: KeyboardEvent): boolean {
  const element = event.target as HTMLElement;
  if (panel.value !== null || element.closest('dialog')) return true;
  if (element.matches('input:not([type=range]), textarea, select, [contenteditable]')) return true;
  // A button that was clicked keeps the focus; only one that was reached by keys takes the space bar.
  return event.key === ' ' && byKeys && element.matches('button, summary, a');
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || taken(event)) return;
  const control = event.ctrlKey || event.metaKey;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = keys.find((key) => key.keys.includes(name) && (key.control ?? false) === control);
  if (!found) return;
  event.preventDefault();
  found.run(event);
}
