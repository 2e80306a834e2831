/** The settings and the sound as files. */
import { useSignal } from '@preact/signals';
import { api } from '../shared/api.ts';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import { clip, effect, settings } from './session.ts';
import * as sound from './sound.ts';

const kinds = [
  { kind: 'recipe', name: 'Recipe', about: 'soundalike render repeats exactly this', where: 'soundalike render <recording> --recipe <this file> -o <output> plays it', audio: true, formats: null },
  { kind: 'lv2', name: 'LV2 preset', about: 'a bundle for any LV2 host, zipped', where: 'unpack it into ~/.lv2, then choose it in your DAW', audio: false, formats: ['lv2'] },
  { kind: 'vstpreset', name: 'VST3 preset', about: 'a .vstpreset for any VST3 host', where: 'load it in your DAW, or put it into ~/.vst3/presets', audio: false, formats: ['vst3'] },
  { kind: 'json', name: 'JSON', about: 'every knob with its value in words', where: '', audio: false, formats: null },
  { kind: 'wav', name: 'WAV', about: 'the whole clip through the effect', where: '', audio: true, formats: null },
  { kind: 'flac', name: 'FLAC', about: 'the same, smaller', where: '', audio: true, formats: null },
] as const;

/** The name a response proposes for the file. */
export function fileName(disposition: string | null, otherwise: string): string {
  const encoded = disposition?.match(/filename\*=UTF-8''([^;]+)/i)?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return disposition?.match(/filename="([^"]+)"/i)?.[1] ?? otherwise;
}

/** @return what to tell whoever saved it: a notice beside an open dialog cannot be reached. */
async function save({ kind, where }: (typeof kinds)[number], name: string): Promise<string> {
  const response = await api.export({
    effect: effect.value!.id, settings: settings.value, kind, ...(clip.value ? { audio: clip.value.id } : {}),
    match_loudness: sound.matchLoudness.value, dry_wet: sound.dryWet.value, ...(name ? { name } : {}),
  });
  const file = fileName(response.headers.get('Content-Disposition'), `${effect.value!.name}.${kind}`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  return `Saved ${file}${where && `: ${where}`}`;
}

export function Exports() {
  const busy = useSignal('');
  const name = useSignal('');
  const saved = useSignal('');
  if (!effect.value) return <p>Choose an effect first.</p>;
  const offered = kinds.filter(({ formats }) => formats === null || (formats as readonly string[]).includes(effect.value!.format));
  return (
    <>
      <label class="field"><span>Name</span>
        <input class="input" placeholder={effect.value.name} value={name.value} onInput={(event) => { name.value = event.currentTarget.value; }} />
      </label>
      <div class="export-grid">
        {offered.map((offer) => (
          <button key={offer.kind} class="card" disabled={busy.value !== '' || (offer.audio && !clip.value)}
            onClick={() => { busy.value = offer.kind; save(offer, name.value.trim()).then((told) => { saved.value = told; }, complain).finally(() => { busy.value = ''; }); }}>
            <Icon name="download" /><strong>{busy.value === offer.kind ? 'Rendering…' : offer.name}</strong><span class="faint">{offer.about}</span>
          </button>
        ))}
      </div>
      <p class="soft" role="status">{saved.value}</p>
    </>
  );
}
