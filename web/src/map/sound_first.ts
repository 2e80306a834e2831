/**
 * Sound before pictures. Drawing a map, knobs and a waveform costs more than rendering and playing a sound, and where it
 * is done in software it takes the processor from the server and keeps the page from taking the answer. So from a gesture
 * until its sound is handed over what can wait does, for `patience` milliseconds at most: nobody sees that.
 *
 *   expectSound();                     // a gesture has asked for a sound
 *   afterSound(() => draw());          // at once where none is awaited
 *   soundIsThere();                    // it plays, or never will
 */
export const patience = 120;

let waiting: (() => void)[] = [];
let awaited = false;
let timer: ReturnType<typeof setTimeout> | undefined;

export function expectSound(): void {
  awaited = true;
  clearTimeout(timer);
  timer = setTimeout(soundIsThere, patience);
}

/** Does the work when no sound is awaited, in the order it was asked for. */
export function afterSound(work: () => void): void {
  if (awaited) waiting.push(work);
  else work();
}

/** Ends the waiting: the sound was handed over or failed, or the gesture has become a drag, which has to be seen. */
export function soundIsThere(): void {
  awaited = false;
  clearTimeout(timer);
  const works = waiting;
  waiting = [];
  for (const work of works) work();
}
