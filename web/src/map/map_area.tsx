/** The middle of the page: the map with its tools and legend, or the way to one. */
import { useSignal } from '@preact/signals';
import { Icon, type IconName } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import { upload } from './clip_picker.tsx';
import { Legend } from './legend.tsx';
import { drawing, fit, MapCanvas, zoom } from './map_canvas.tsx';
import { MapMaker } from './map_maker.tsx';
import { making } from './making.ts';
import { openClip, openReference } from './open.ts';
import { Pairs } from './pairs.tsx';
import { effect, history, map, pairsOpen, panel, selection, tool, type Tool } from './session.ts';

const tools: [Tool, string, IconName, string][] = [
  ['explore', 'Explore', 'touch', 'Click or drag to hear'], ['lasso', 'Lasso', 'lasso', 'Draw around points (L)'], ['pan', 'Move', 'hand', 'Drag the map'],
];

function Tools() {
  return (
    <div class="map-tools" role="toolbar" aria-label="Map tools">
      {tools.map(([id, name, icon, title]) => (
        <button key={id} class="button quiet icon" aria-label={name} title={title} aria-pressed={tool.value === id} onClick={() => { tool.value = id; }}><Icon name={icon} /></button>
      ))}
      <hr />
      <button class="button quiet icon" aria-label="Zoom in" title="+" onClick={() => zoom(1.4)}><Icon name="plus" /></button>
      <button class="button quiet icon" aria-label="Zoom out" title="−" onClick={() => zoom(1 / 1.4)}><Icon name="minus" /></button>
      <button class="button quiet icon" aria-label="The whole map" title="F" onClick={fit}><Icon name="fit" /></button>
      <hr />
      <button class="button quiet icon" aria-label="Pair plots" title="G" aria-pressed={pairsOpen.value} onClick={() => { pairsOpen.value = !pairsOpen.value; }}><Icon name="grid" /></button>
    </div>
  );
}

export function MapArea() {
  const over = useSignal(false);
  async function dropped(event: DragEvent): Promise<void> {
    event.preventDefault();
    over.value = false;
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    try {
      const clip = await upload(file);
      if (map.value) openReference(clip);
      else openClip(clip);
    } catch (error) { complain(error); }
  }
  const shown = map.value && !making.value;
  return (
    <main id="main" class={`map-area${over.value ? ' over' : ''}`} tabIndex={-1} aria-label="Map"
      onDragOver={(event) => { event.preventDefault(); over.value = true; }} onDragLeave={() => { over.value = false; }} onDrop={(event) => { void dropped(event); }}>
      {shown ? (
        <div class={pairsOpen.value ? 'map-split' : 'map-whole'}>
          <div class="map-box">
            <h1 class="hidden-visually">Map of {effect.value?.name}</h1>
            <MapCanvas />
            {history.value.steps.length < 2 && <p class="hint">Click or drag anywhere to hear it</p>}
            <Tools />
            <Legend />
            {selection.value && (
              <div class="selection" role="status">
                <span class="tabular">{selection.value.length} selected</span>
                <button class="button small" onClick={() => { panel.value = 'region'; }}>Name</button>
                <button class="button quiet small" onClick={() => { selection.value = null; }}>Clear</button>
              </div>
            )}
            {drawing.value !== 'webgl' && <span class="drawing faint">{drawing.value === 'lost' ? 'The graphics card is busy; drawn without it' : 'Drawn without WebGL'}</span>}
          </div>
          {pairsOpen.value && <Pairs />}
        </div>
      ) : <div class="welcome"><MapMaker /></div>}
      {over.value && <div class="drop-hint"><Icon name="upload" size={28} />{map.value ? 'Drop it: it becomes the reference' : 'Drop it: it becomes the clip'}</div>}
    </main>
  );
}
