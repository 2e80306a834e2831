/** What stands where the map will be: the steps to one, its making, the maps that are there. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../shared/api.ts';
import type { MapSummary } from '../shared/api_types.ts';
import { count, percent } from '../shared/format.ts';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import { cancelMap, makeMap, making } from './making.ts';
import { openMap } from './open.ts';
import { about, clip, effect, panel } from './session.ts';
import { showcase } from './showcase.ts';

const sizes = [300, 1000, 3000, 10000, 30000, 100000];

interface ListProps { onPick: (id: string) => void; only?: string; open?: boolean }

/** The maps that are there. A click opens one, where `open` does not forbid it, then tells which. */
export function MapList({ onPick, only, open = true }: ListProps) {
  const maps = useSignal<MapSummary[] | null>(null);
  const load = () => { api.maps().then((found) => { maps.value = found; }, complain); };
  useEffect(load, []);
  const shown = maps.value?.filter((each) => !only || each.effect === only) ?? [];
  if (shown.length === 0) return only || maps.value === null ? null : <p class="faint">No map has been made yet.</p>;
  return (
    <ul class="list maps">
      {shown.map((each) => (
        <li key={each.id} class="line">
          <button class="row" disabled={each.state !== 'ready' && each.state !== 'done'} onClick={() => { (open ? openMap(each.id) : Promise.resolve()).then(() => onPick(each.id), complain); }}>
            <Icon name="map" /><span class="grow ellipsis">{each.effect_name || each.name}</span>
            <span class="faint tabular">{each.state === 'ready' || each.state === 'done' ? count(each.points, 'point') : each.state}</span>
          </button>
          <button class="button quiet icon small" aria-label={`Delete the map ${each.name}`}
            onClick={() => { if (confirm(`Delete the map '${each.name}'? Its favourites and regions go with it.`)) api.deleteMap(each.id).then(load, complain); }}>
            <Icon name="trash" size={15} />
          </button>
        </li>
      ))}
    </ul>
  );
}

export function MapMaker() {
  const size = useSignal(1);
  const sampling = useSignal('sobol');
  const encoder = useSignal('');
  const seed = useSignal(1);
  const busy = useSignal(false);
  const now = making.value;
  if (now) {
    return (
      <div class="making" role="status">
        <h1>Making the map of {now.name}</h1>
        <div class="progress" role="progressbar" aria-label="Making the map" aria-valuenow={Math.round(100 * now.progress)} aria-valuemin={0} aria-valuemax={100}>
          <div style={{ width: `${100 * now.progress}%` }} />
        </div>
        <p class="soft tabular">{now.stage || 'Working'} · {percent(now.progress)}</p>
        <button class="button" onClick={() => { cancelMap().catch(complain); }}>Cancel</button>
      </div>
    );
  }
  const ready = effect.value && clip.value;
  const points = sizes[size.value]!;
  return (
    <div class="maker">
      <h1>Hear everything an effect can do</h1>
      <p class="soft">A map puts hundreds of its sounds side by side, alike next to alike. Point anywhere on it and listen.</p>
      <ol class="steps">
        <li class={effect.value ? 'done' : ''}>
          <span class="number">{effect.value ? <Icon name="check" size={14} /> : 1}</span>
          <span class="grow"><strong>{effect.value?.name ?? 'An effect'}</strong><span class="faint">{effect.value ? [effect.value.vendor, effect.value.format].filter(Boolean).join(' · ') : 'any that is installed here'}</span></span>
          <button class={effect.value ? 'button' : 'button primary'} onClick={() => { panel.value = 'effect'; }}>{effect.value ? 'Change' : 'Choose an effect'}</button>
        </li>
        <li class={clip.value ? 'done' : ''}>
          <span class="number">{clip.value ? <Icon name="check" size={14} /> : 2}</span>
          <span class="grow"><strong class="ellipsis">{clip.value?.name ?? 'A recording'}</strong><span class="faint">what the effect is heard on; yours, or one that is here</span></span>
          <button class={effect.value && !clip.value ? 'button primary' : 'button'} onClick={() => { panel.value = 'clip'; }}>{clip.value ? 'Change' : 'Choose a clip'}</button>
        </li>
        <li>
          <span class="number">3</span>
          <span class="grow"><strong>The map</strong>
            <label class="inline-field faint"><span class="hidden-visually">Points</span>
              <input type="range" min="0" max={sizes.length - 1} step="1" value={size.value} aria-label="Points of the map" aria-valuetext={count(points, 'point')}
                onInput={(event) => { size.value = Number(event.currentTarget.value); }} />
              <span class="tabular">{count(points, 'point')}</span>
            </label>
          </span>
          <button class={ready ? 'button primary' : 'button'} disabled={!ready || busy.value} onClick={() => {
            busy.value = true;
            makeMap({ points, sampling: sampling.value, seed: seed.value, ...(encoder.value ? { encoder: encoder.value } : {}) })
              .catch(complain).finally(() => { busy.value = false; });
          }}>Make the map</button>
        </li>
      </ol>
      {!effect.value && (
        <p class="actions start">
          <span class="soft">Or see first what this is:</span>
          <button class="button" disabled={busy.value} onClick={() => { busy.value = true; showcase().catch(complain).finally(() => { busy.value = false; }); }}>
            <Icon name="play" size={15} />Show me an overdrive
          </button>
        </p>
      )}
      <details class="fold">
        <summary>How the points are chosen and compared</summary>
        <div class="fields">
          <label class="field"><span>Settings</span>
            <select class="select" value={sampling.value} onChange={(event) => { sampling.value = event.currentTarget.value; }}>
              <option value="sobol">evenly spread (Sobol)</option>
              <option value="adaptive">denser where the sound changes faster</option>
              <option value="uniform">at random</option>
            </select>
          </label>
          <label class="field"><span>Encoder</span>
            <select class="select" value={encoder.value} onChange={(event) => { encoder.value = event.currentTarget.value; }}>
              <option value="">the program's choice</option>
              {about.value?.encoders.map((name) => <option key={name} value={name}>{name}</option>)}
              <option value="style">statistics of style</option>
              <option value="features">loudness, brightness and the like</option>
            </select>
          </label>
          <label class="field"><span>Seed</span>
            <input class="input" type="number" min="0" value={seed.value} onInput={(event) => { seed.value = Math.max(0, Math.round(Number(event.currentTarget.value)) || 0); }} />
          </label>
        </div>
      </details>
      <MapList onPick={() => {}} only={effect.value?.id} />
    </div>
  );
}
