/** The keyboard of a test page: letters or digits choose what sounds, Space pauses, arrows move its scale. */
import type { Listening } from './listening.ts';
import { moved } from './slider.tsx';
import type { Trial } from './study_types.ts';
import { rate } from './taking.ts';

/** All blind ids that a page plays. */
export const soundsOf = (trial: Trial): string[] =>
  [trial.reference, ...trial.stimuli, trial.x].filter((id): id is string => id !== null);

export const letter = (index: number): string => String.fromCharCode(65 + index);

/** What a key asks to hear, or null. */
export function soundAt(trial: Trial, key: string): string | null {
  const upper = key.toUpperCase();
  if (upper === '0' || (upper === 'R' && trial.stimuli.length < 18)) return trial.reference;
  if (upper === 'X' && trial.x) return trial.x;
  const index = /^[1-9]$/.test(upper) ? Number(upper) - 1 : /^[A-Z]$/.test(upper) ? upper.charCodeAt(0) - 65 : -1;
  return trial.stimuli[index] ?? null;
}

export function onTrialKey(event: KeyboardEvent, trial: Trial, listening: Listening): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as HTMLElement;
  if (target.matches('[role="slider"]:not([aria-disabled="true"])') && !/^[a-z0-9 ]$/i.test(event.key)) return;
  if (target.matches('textarea, select, input:not([type="radio"])')) return;
  if (event.key === ' ' && target.matches('button, [role="radio"]')) return;
  const sound = soundAt(trial, event.key);
  if (sound) {
    event.preventDefault();
    listening.select(sound);
    // The focus stays on the scale that can be moved.
    if (target.matches('.scale')) requestAnimationFrame(() => document.querySelector<HTMLElement>('.item.current .scale')?.focus({ preventScroll: true }));
    return;
  }
  if (event.key === ' ') {
    event.preventDefault();
    listening.toggle(trial.reference ?? trial.stimuli[0]!);
    return;
  }
  const current = listening.current.value;
  if (trial.kind !== 'mushra' || !current || !trial.stimuli.includes(current)) return;
  const next = moved(trial.ratings[current], event.key);
  if (next === null) return;
  event.preventDefault();
  void rate(current, next);
}
