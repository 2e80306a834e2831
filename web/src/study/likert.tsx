/** Every signal on a scale with few labelled steps; only the signal that sounds can be judged. */
import { Icon } from '../shared/icons.tsx';
import { letter } from './keys.ts';
import type { Listening } from './listening.ts';
import type { Trial } from './study_types.ts';
import { rate } from './taking.ts';

export function Likert({ trial, listening }: { trial: Trial; listening: Listening }) {
  const play = (id: string, name: string) => {
    const current = listening.current.value === id;
    const sounds = current && listening.playing.value;
    return (
      <button class={`sounder${current ? ' current' : ''}`} aria-pressed={sounds} aria-label={`Play ${name}`} onClick={() => { if (sounds) listening.stop(); else listening.select(id); }}>
        <span>{name}</span><Icon name={sounds ? 'pause' : 'play'} size={14} />
      </button>
    );
  };
  return (
    <div class="likert">
      {trial.reference && <div class="item">{play(trial.reference, 'Reference')}</div>}
      {trial.stimuli.map((id, index) => {
        const current = listening.current.value === id;
        return (
          <div key={id} class={`item${current ? ' current' : ''}`}>
            {play(id, letter(index))}
            <div class="options" role="radiogroup" aria-label={`Rating of ${letter(index)}`}>
              {trial.scale.map((step, at) => (
                <button key={step} class="option" role="radio" aria-checked={trial.ratings[id] === at + 1} disabled={!current} onClick={() => { void rate(id, at + 1); }}>{step}</button>
              ))}
            </div>
          </div>
        );
      })}
    </div>
  );
}
