/** Part 2: find what the prompt asks for on the map; every new press is an attempt. */
import { useSignal } from '@preact/signals';
import { goToPlace } from '../map/explore.ts';
import { settings, cursor, type Place } from '../map/session.ts';
import * as sound from '../map/sound.ts';
import { count } from '../shared/format.ts';
import { ScoreForm } from './score_form.tsx';
import { note, score, type Prompt } from './test_state.ts';

/** Counts attempts and keeps the pointer's path, in packets of a second or so. */
export class Explorer {
  attempts = 0;
  #path: [number, number, number][] = [];
  readonly #begun = performance.now();
  constructor(private readonly number: number, private readonly changed: (attempts: number) => void) {}

  move({ x, y }: Place, phase: 'first' | 'move' | 'last', time: number): void {
    if (phase === 'first') {
      note('attempt', { number: this.number, x, y });
      this.changed(++this.attempts);
    }
    this.#path.push([Math.round(time - this.#begun), x, y]);
    if (phase === 'last' || this.#path.length >= 60) this.flush();
  }

  flush(): void {
    if (this.#path.length) note('pointer', { number: this.number, points: this.#path });
    this.#path = [];
  }
}

export function PromptTrial({ trial, explorer, attempts }: { trial: Prompt; explorer: Explorer; attempts: number }) {
  const found = useSignal(false);
  return (
    <>
      <p class="prompt">{trial.text}</p>
      <p>That is, than where you start. Click or drag on the map until you hear it.</p>
      <p class="faint tabular" role="status">{count(attempts, 'attempt')}</p>
      <div class="sounds" role="group" aria-label="Sounds">
        <button class="button" onClick={(event) => goToPlace(trial.start, { begun: event.timeStamp })}>The start</button>
        <button class="button" aria-pressed={sound.listen.value === 'dry'} onClick={() => { sound.hear('dry'); sound.start(); }}>No effect</button>
        <button class="button" aria-pressed={sound.listen.value === 'wet'} onClick={() => { sound.hear('wet'); sound.start(); }}>Where I am</button>
      </div>
      {!found.value
        ? <button class="button primary" disabled={attempts === 0} onClick={() => { found.value = true; }}>This is it</button>
        : (
          <ScoreForm question="How easy was it to find?" low="very hard" high="very easy"
            onScore={(value, comment) => {
              explorer.flush();
              sound.stop();
              return score('score_prompt', { number: trial.number, score: value, attempts, x: cursor.value?.x ?? trial.start.x,
                y: cursor.value?.y ?? trial.start.y, settings: settings.value, comment });
            }} />
        )}
    </>
  );
}
