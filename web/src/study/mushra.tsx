/**
 * MUSHRA (ITU-R BS.1534-3): every signal on a scale from 0 to 100 beside the open reference. Only the scale of the
 * signal that sounds (or sounded last, while paused) can be moved; one that was not touched has no value.
 */
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Icon } from '../shared/icons.tsx';
import { letter } from './keys.ts';
import type { Listening } from './listening.ts';
import { fifthOf, fifths, Slider } from './slider.tsx';
import type { Trial } from './study_types.ts';
import { note, rate } from './taking.ts';

const narrow = matchMedia('(max-width: 720px)');
const lying = signal(narrow.matches);
narrow.addEventListener('change', () => { lying.value = narrow.matches; });

function Sounder({ listening, id, name, label }: { listening: Listening; id: string; name: string; label: string }) {
  const current = listening.current.value === id;
  const sounds = current && listening.playing.value;
  return (
    <button class={`sounder${current ? ' current' : ''}${listening.heard.value.has(id) ? ' heard' : ''}`} aria-pressed={sounds} aria-label={label}
      onClick={() => { if (sounds) listening.stop(); else listening.select(id); }}>
      <span>{name}</span><Icon name={sounds ? 'pause' : 'play'} size={14} />
    </button>
  );
}

function Column({ trial, listening, id, index }: { trial: Trial; listening: Listening; id: string; index: number }) {
  const moving = useSignal<number | null>(null);
  const value = moving.value ?? trial.ratings[id];
  const current = listening.current.value === id;
  return (
    <div class={`item${current ? ' current' : ''}`}>
      <Sounder listening={listening} id={id} name={letter(index)} label={`Play ${letter(index)}`} />
      <Slider label={`Rating of ${letter(index)}`} value={value} disabled={!current} upright={!lying.value}
        onInput={(score) => { moving.value = score; }}
        onSettle={() => {
          if (moving.value !== null && moving.value !== trial.ratings[id]) void rate(id, moving.value);
          moving.value = null;
        }} />
      <output class="score tabular" aria-hidden="true">
        <b>{value ?? '–'}</b><small>{value === undefined ? 'not rated' : fifthOf(value)}</small>
      </output>
    </div>
  );
}

export function Mushra({ trial, listening }: { trial: Trial; listening: Listening }) {
  const isLying = lying.value;
  useEffect(() => {
    const track = document.querySelector('.scale .track')?.getBoundingClientRect();
    if (track) note('note', { trial: trial.number, scale_px: Math.round(Math.max(track.width, track.height)), pixel_ratio: devicePixelRatio });
  }, [trial.number, isLying]);
  return (
    <div class={`mushra ${isLying ? 'lying' : 'upright'}`}>
      <div class="reference">
        <Sounder listening={listening} id={trial.reference!} name="Reference" label="Play the reference" />
        <div class="fifths" aria-hidden="true">
          {[...fifths].reverse().map((name) => <span key={name}>{name}</span>)}
        </div>
      </div>
      <div class="items" role="group" aria-label="Signals to rate">
        {trial.stimuli.map((id, index) => <Column key={id} trial={trial} listening={listening} id={id} index={index} />)}
      </div>
    </div>
  );
}
