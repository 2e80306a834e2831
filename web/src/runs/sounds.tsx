/**
 * The sounds of a step: target, prediction and input of one item side by side, switched at the same moment by one key,
 * as loud as one another if wanted.
 */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { request } from '../shared/api.ts';
import { flat } from '../shared/flat.ts';
import { number } from '../shared/format.ts';
import { Icon } from '../shared/icons.tsx';
import { bufferOf, Player } from '../shared/player.ts';
import { dark } from '../shared/theme.ts';
import { complain } from '../shared/toast.tsx';
import { parseWav, peaks, type Wav } from '../shared/wav.ts';
import { ramp } from '../shared/colour.ts';
import { fits, grouped, lastPart, nearestStep } from './curve.ts';
import { colourOf } from './curves.tsx';
import { StepSlider, useMedia } from './media.tsx';
import { runsApi } from './runs_api.ts';
import { filter, has, shown, step, tagsOf } from './session.ts';
import { comparedPixels, meanDifference, pictured, rows as heights, spectrogram } from './spectrogram.ts';

const matched = signal(true);
const spectra = signal(false);
const sounding = signal<string | null>(null);
let player: Player | null = null;
const wavs = new Map<string, Promise<Wav>>();

/** Input, target, prediction first and in this order, whatever a run calls the rest. */
const order = ['input', 'target', 'reference', 'prediction', 'output'];
const rank = (tag: string): number => { const at = order.indexOf(lastPart(tag)); return at < 0 ? order.length : at; };

const load = (url: string): Promise<Wav> => {
  let wav = wavs.get(url);
  if (!wav) {
    wav = request(url).then((response) => response.arrayBuffer()).then(parseWav);
    wavs.set(url, wav);
    wav.catch(() => wavs.delete(url));
    if (wavs.size > 60) wavs.delete(wavs.keys().next().value!);
  }
  return wav;
};

export function rms(channels: readonly Float32Array[]): number {
  let sum = 0;
  let count = 0;
  for (const channel of channels) { for (const sample of channel) sum += sample * sample; count += channel.length; }
  return Math.sqrt(sum / Math.max(1, count));
}

/** The same sound at -23 dB RMS, or as near as its peaks allow. */
export function levelled(wav: Wav): Wav {
  const level = rms(wav.channels);
  let peak = 0;
  for (const channel of wav.channels) for (const sample of channel) peak = Math.max(peak, Math.abs(sample));
  if (level === 0) return wav;
  const gain = Math.min(10 ** (-23 / 20) / level, 1 / peak);
  return { rate: wav.rate, channels: wav.channels.map((channel) => channel.map((sample) => sample * gain)) };
}

async function hear(url: string): Promise<void> {
  try {
    const wav = await load(url);
    player ??= new Player(new AudioContext());
    await (player.context as AudioContext).resume();
    player.play(bufferOf(player.context, matched.value ? levelled(wav) : wav));
    sounding.value = url;
  } catch (error) {
    complain(error);
  }
}

function hush(): void {
  player?.pause();
  sounding.value = null;
}

function Shape({ url, colour }: { url: string; colour: string }) {
  const path = useSignal('');
  useEffect(() => {
    let stale = false;
    load(url).then(({ channels }) => {
      if (stale) return;
      const shape = peaks(channels, 150);
      path.value = Array.from(shape, (peak, n) => `M${n + 0.5} ${20 - 19 * Math.sqrt(Math.min(1, peak))}V${20 + 19 * Math.sqrt(Math.min(1, peak)) + 0.5}`).join('');
    }, () => {});
    return () => { stale = true; };
  }, [url]);
  return <svg class="shape" viewBox="0 0 150 40" preserveAspectRatio="none" aria-hidden="true"><path d={path.value} stroke={colour} stroke-width="0.7" /></svg>;
}

const columns = 150;

/** The spectrogram of one sound, or what the second has over the first. */
function Spectrum({ urls, name }: { urls: readonly string[]; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const mean = useSignal<number | null>(null);
  const isDark = dark.value;
  useEffect(() => {
    let stale = false;
    Promise.all(urls.map(load)).then((loaded) => {
      if (stale || !canvas.current) return;
      const [a, b] = loaded.map((wav) => (matched.value ? levelled(wav) : wav)).map(({ channels, rate }) => spectrogram(channels, rate, columns));
      const image = b ? comparedPixels(a!, b, columns) : pictured(a!, columns, ramp(isDark));
      if (b) mean.value = meanDifference(a!, b);
      flat(canvas.current).putImageData(new ImageData(image, columns, heights), 0, 0);
    }, () => {});
    return () => { stale = true; };
  }, [urls.join('\n'), matched.value, isDark]);
  return (
    <figure class="spectrum">
      <canvas ref={canvas} width={columns} height={heights} role="img" aria-label={`Spectrogram: ${name}`} />
      <figcaption class="faint">{name}{mean.value === null ? '' : `: ${number(mean.value)} dB on average`}</figcaption>
    </figure>
  );
}

/** All spectrograms of an item and, where there are both, what the prediction has over the target. */
function Spectra({ id, tags }: { id: string; tags: readonly string[] }) {
  const at = (tag: string) => {
    const steps = useMedia('audio', id, tag, runsApi.audio)?.map((row) => row.step) ?? [];
    const near = nearestStep(steps, step.value);
    return near === null ? null : runsApi.audioUrl(id, tag, near);
  };
  const urls = tags.map(at);
  const find = (name: string) => urls[tags.findIndex((tag) => lastPart(tag) === name)] ?? null;
  const [target, prediction] = [find('target'), find('prediction')];
  return (
    <div class="sounds">
      {tags.map((tag, n) => urls[n] && <Spectrum key={tag} urls={[urls[n]!]} name={lastPart(tag)} />)}
      {target && prediction && <Spectrum urls={[target, prediction]} name="prediction less target" />}
    </div>
  );
}

function Sound({ id, tag, index }: { id: string; tag: string; index: number }) {
  const rows = useMedia('audio', id, tag, runsApi.audio);
  const at = nearestStep(rows?.map((row) => row.step) ?? [], step.value);
  if (!rows || at === null) return <div class="sound faint">{lastPart(tag)}</div>;
  const url = runsApi.audioUrl(id, tag, at);
  const on = sounding.value === url;
  const row = rows.find((one) => one.step === at)!;
  return (
    <button class="sound" aria-pressed={on} data-url={url} onClick={() => { if (on) hush(); else void hear(url); }}>
      <span class="sound-name"><Icon name={on ? 'pause' : 'play'} size={15} /><b>{lastPart(tag)}</b>{index < 9 && <kbd>{index + 1}</kbd>}</span>
      <Shape url={url} colour={on ? 'var(--accent)' : 'var(--faint)'} />
      <span class="faint tabular">step {at.toLocaleString('en')}{row.seconds ? ` · ${number(row.seconds)} s` : ''}</span>
    </button>
  );
}

function Item({ id, name, tags }: { id: string; name: string; tags: string[] }) {
  const box = useRef<HTMLDivElement>(null);
  const sorted = [...tags].sort((a, b) => rank(a) - rank(b));
  // 1, 2, 3 switch within the item that was touched last: one key for each of target, prediction and input.
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).matches('input, textarea')) return;
      const active = box.current?.querySelector('[aria-pressed="true"]') ?? (box.current?.contains(document.activeElement) ? box.current : null);
      if (!active) return;
      const url = box.current!.querySelectorAll<HTMLElement>('.sound')[Number(event.key) - 1]?.dataset.url;
      if (/^[1-9]$/.test(event.key) && url) { event.preventDefault(); void hear(url); }
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);
  return (
    <section class="item-card" ref={box} aria-label={name}>
      <h3 class="ellipsis">{name}</h3>
      <div class="sounds">{sorted.map((tag, index) => <Sound key={tag} id={id} tag={tag} index={index} />)}</div>
      {spectra.value && <Spectra key={sorted.join('\n')} id={id} tags={sorted} />}
    </section>
  );
}

function Steps({ id, tag }: { id: string; tag: string }) {
  const steps = useMedia('audio', id, tag, runsApi.audio)?.map((row) => row.step) ?? [];
  const at = nearestStep(steps, step.value);
  return at === null ? null : <StepSlider steps={steps} at={at} />;
}

export function Sounds() {
  useEffect(() => hush, []);
  const tags = tagsOf('audio', (tag) => fits(tag, filter.value));
  if (tags.length === 0) return <p class="empty soft">There are no sounds here.</p>;
  // Items change with the step where predictions do: their slider is that of the tag with the most steps.
  return (
    <>
      <p class="picked">
        <button class="button small" aria-pressed={matched.value} onClick={() => { matched.value = !matched.value; hush(); }}>Same loudness</button>
        <button class="button small" aria-pressed={spectra.value} onClick={() => { spectra.value = !spectra.value; }}>Spectrograms</button>
        <span class="faint">Keys 1, 2, 3 switch within an item at the same moment</span>
      </p>
      {shown.value.map(({ id, name }) => {
        const own = tags.filter((tag) => has(id, tag, 'audio'));
        if (own.length === 0) return null;
        const slider = own.find((tag) => lastPart(tag) === 'prediction') ?? own[0]!;
        return (
          <section key={id} class="group">
            <h2 class="run-head"><i style={{ background: colourOf(id) }} />{name}<Steps id={id} tag={slider} /></h2>
            <div class="item-cards">{[...grouped(own)].map(([item, list]) => <Item key={item} id={id} name={item || 'Sounds'} tags={list} />)}</div>
          </section>
        );
      })}
    </>
  );
}
