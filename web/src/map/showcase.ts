/** For whoever comes without an effect or a recording in mind. */
import { api } from '../shared/api.ts';
import { makeMap } from './making.ts';
import { openClip, openEffect } from './open.ts';
import { clip } from './session.ts';

const recordings = ['band', 'voice'];
const effects = ['mda overdrive', 'saturator']; // the first that is installed; the second always is

/** A recording that came with the program, where none has been chosen: an effect without one is silent. */
export async function someClip(): Promise<void> {
  if (clip.value) return;
  const all = await api.clips();
  const found = recordings.map((name) => all.find((each) => each.bundled && each.name === name)).find(Boolean) ?? all[0];
  if (found && !clip.value) openClip(found);
}

/** An effect on that recording, and a map of it. */
export async function showcase(): Promise<void> {
  await someClip();
  for (const query of effects) {
    const [found] = await api.effects(query);
    if (!found) continue;
    await openEffect(found.id);
    return makeMap({ points: 1000, sampling: 'sobol', seed: 1 });
  }
}
