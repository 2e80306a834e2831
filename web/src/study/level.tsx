/** Before the first page: what one listens with, and how loud. Both are stored; the level stays for the whole session. */
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Icon } from '../shared/icons.tsx';
import { output, setLevel, type Listening } from './listening.ts';
import { note, state } from './taking.ts';

interface Kept { session: string; decibels: number }

const key = 'soundalike.study.level';
const kept = (): Kept | null => JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;

/** Whether this session's level is set on this device. */
export const levelled = signal(false);
let looked = '';

function recall(session: string): void {
  if (looked === session) return;
  looked = session;
  const found = kept();
  levelled.value = found?.session === session;
  if (levelled.value) setLevel(found!.decibels);
}

export function Level({ listening, stimulus }: { listening: Listening; stimulus: string }) {
  const decibels = useSignal(-10);
  const device = useSignal('');
  useEffect(() => {
    recall(state.value!.session);
    if (!levelled.value) setLevel(decibels.value);
  }, []);
  const { playing } = listening;
  return (
    <main class="sheet" id="main">
      <h1>Set your level</h1>
      <p>Choose a quiet place. Play the sound and set a comfortable level, as loud as you like to listen to music with care. It stays as it is from here on: please do not change the volume of your device during the test.</p>
      <div class="level-row">
        <button class="button" onClick={() => (playing.value ? listening.stop() : listening.select(stimulus))}>
          <Icon name={playing.value ? 'pause' : 'play'} />{playing.value ? 'Stop' : 'Play a sound of the test'}
        </button>
        <label><span class="hidden-visually">Level</span>
          <input type="range" min={-40} max={0} step={0.5} value={decibels.value} aria-valuetext={`${decibels.value} dB`}
            onInput={(event) => { decibels.value = Number(event.currentTarget.value); setLevel(decibels.value); }} />
        </label>
        <span class="tabular soft level-value">{decibels.value.toFixed(1).replace('-', '−')} dB</span>
      </div>
      <fieldset class="field">
        <legend>You listen with</legend>
        <div class="options">
          {['headphones', 'loudspeakers'].map((name) => (
            <label key={name} class="option"><input type="radio" name="transducer" checked={device.value === name} onChange={() => { device.value = name; }} />{name === 'headphones' ? 'Headphones' : 'Loudspeakers'}</label>
          ))}
        </div>
      </fieldset>
      <div class="foot">
        <p class="hint soft" role="status">{device.value ? '' : 'Say what you listen with'}</p>
        <button class="button primary" disabled={!device.value} onClick={() => {
          listening.stop();
          note('environment', {
            transducer: device.value, level_db: decibels.value, ...output(), user_agent: navigator.userAgent, language: navigator.language,
            screen: [screen.width, screen.height], window: [innerWidth, innerHeight], pixel_ratio: devicePixelRatio, touch: navigator.maxTouchPoints > 0,
          });
          note('volume', { level_db: decibels.value });
          localStorage.setItem(key, JSON.stringify({ session: state.value!.session, decibels: decibels.value }));
          levelled.value = true;
        }}>Go on</button>
      </div>
    </main>
  );
}
