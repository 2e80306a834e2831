/** Favourites side by side: switch between their sounds at the same moment, see which knobs differ. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../shared/api.ts';
import type { Favourite, ParameterText } from '../shared/api_types.ts';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import type { Wav } from '../shared/wav.ts';
import { takeFavourite } from './explore.ts';
import { shown } from './knob.tsx';
import { clip, effect, favourites, panel } from './session.ts';
import * as sound from './sound.ts';

interface Heard { favourite: Favourite; texts: ParameterText[]; wav: Wav | null }
const atMost = 9; // as many as there are number keys

export function Compare() {
  const heard = useSignal<Heard[]>([]);
  const current = useSignal(-1);
  useEffect(() => {
    const [of, on] = [effect.value!, clip.value];
    Promise.all(favourites.value.slice(0, atMost).map(async (favourite): Promise<Heard> => {
      const texts = await api.texts(of.id, favourite.settings);
      // Each favourite is a client of its own: the server does only the newest of one client's renders.
      const wav = on ? (await api.render({ effect: of.id, audio: on.id, settings: favourite.settings,
        match_loudness: sound.matchLoudness.value, dry_wet: sound.dryWet.value, seconds: Math.min(30, on.seconds) }, undefined, `-${favourite.id}`)).wav : null;
      return { favourite, texts, wav };
    })).then((all) => { heard.value = all; }, complain);
  }, []);

  function listen(index: number): void {
    const chosen = heard.value[index];
    if (!chosen?.wav) return;
    current.value = index;
    sound.audition(chosen.wav);
  }
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const index = Number(event.key) - 1;
      if (index >= 0 && index < heard.value.length) { event.preventDefault(); event.stopPropagation(); listen(index); }
    };
    window.addEventListener('keydown', key, true);
    return () => window.removeEventListener('keydown', key, true);
  }, []);

  const rows = effect.value!.parameters.filter(({ index }) => {
    const values = heard.value.map(({ texts }) => shown(texts[index]));
    return new Set(values).size > 1;
  });
  if (heard.value.length === 0) return <p class="soft" role="status">Rendering the favourites…</p>;
  return (
    <>
      <div class="segmented wrap" role="radiogroup" aria-label="Favourite that is heard">
        {heard.value.map(({ favourite, wav }, n) => (
          <button key={favourite.id} role="radio" aria-checked={current.value === n} disabled={!wav} onClick={() => listen(n)}><kbd>{n + 1}</kbd> {favourite.name}</button>
        ))}
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label="Knobs that differ">
        <table class="compare">
          <thead><tr><th scope="col">Knob</th>{heard.value.map(({ favourite }) => <th scope="col" key={favourite.id}>{favourite.name}</th>)}</tr></thead>
          <tbody>
            {rows.map(({ index, name }) => (
              <tr key={index}><th scope="row">{name}</th>{heard.value.map(({ favourite, texts }) => (
                <td key={favourite.id}><span class="tabular">{shown(texts[index])}</span><i class="meter"><i style={{ width: `${100 * (favourite.settings[index] ?? 0)}%` }} /></i></td>
              ))}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p class="faint">They are set alike.</p>}
      <div class="actions">
        <button class="button primary" disabled={current.value < 0} onClick={(event) => { panel.value = null; takeFavourite(heard.value[current.value]!.favourite, event.timeStamp); }}>
          <Icon name="check" />Use this one
        </button>
      </div>
    </>
  );
}
