/** Two signals: which is preferred (or nearer to the reference); or which of them X is (ABX). */
import { Icon } from '../shared/icons.tsx';
import { letter } from './keys.ts';
import type { Listening } from './listening.ts';
import type { Trial } from './study_types.ts';
import { choose } from './taking.ts';

function Card({ listening, id, name }: { listening: Listening; id: string; name: string }) {
  const current = listening.current.value === id;
  const sounds = current && listening.playing.value;
  return (
    <button class={`sound-card${current ? ' current' : ''}`} aria-pressed={sounds}
      onClick={() => { if (sounds) listening.stop(); else listening.select(id); }}>
      <span class="hidden-visually">Play</span>{' '}<b>{name}</b>
      <Icon name={sounds ? 'pause' : 'play'} size={22} />
      <span class="faint">{listening.heard.value.has(id) ? 'heard' : 'not heard yet'}</span>
    </button>
  );
}

export function Pair({ trial, listening }: { trial: Trial; listening: Listening }) {
  const abx = trial.kind === 'abx';
  const needed = [...trial.stimuli, ...(trial.x ? [trial.x] : [])];
  const unheard = needed.some((id) => !listening.heard.value.has(id)) && !trial.chosen;
  const options: [string | null, string][] = trial.stimuli.map((id, index) => [id, abx ? `X is ${letter(index)}` : letter(index)]);
  if (trial.ties) options.push([null, 'No preference']);
  return (
    <div class="pair">
      <div class="cards">
        {trial.reference && <Card listening={listening} id={trial.reference} name="Reference" />}
        {trial.stimuli.map((id, index) => <Card key={id} listening={listening} id={id} name={letter(index)} />)}
        {trial.x && <Card listening={listening} id={trial.x} name="X" />}
      </div>
      <div class="options" role="radiogroup" aria-label="Your choice">
        {options.map(([id, name]) => (
          <button key={name} class="option" role="radio" aria-checked={trial.chosen && trial.choice === id} disabled={unheard} onClick={() => { void choose(id); }}>{name}</button>
        ))}
      </div>
    </div>
  );
}
