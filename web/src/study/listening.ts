/**
 * The signals of one page of a test: loaded whole, switched as BS.1534-3 asks (5 ms of raised cosine out, then in, no
 * cross-fade, at the same moment of the music), looped over all or a part of at least 500 ms whose ends have the same
 * fades. The level is set before the first page and stays.
 */
import { computed, signal } from '@preact/signals';
import { bufferOf, Player } from '../shared/player.ts';
import { fadeSeconds } from '../shared/raised_cosine.ts';
import { peaks, type Wav } from '../shared/wav.ts';

export const shortestLoop = 0.5; // seconds

export interface Region { from: number; to: number } // seconds

let player: Player | null = null;
let level = 1; // amplitude

/** One audio context for all pages: at the signals' own rate where the browser lets us, so that nothing is resampled. */
function playerAt(rate: number): Player {
  if (player && player.context.sampleRate === rate) return player;
  const old = player?.context as AudioContext | undefined;
  let context: AudioContext;
  try {
    context = new AudioContext({ sampleRate: rate, latencyHint: 'interactive' });
  } catch {
    context = new AudioContext();
  }
  void old?.close();
  player = new Player(context, 'gap');
  player.volume = level;
  return player;
}

/** Of all that is played; -∞ ... 0 dB. */
export function setLevel(decibels: number): void {
  level = 10 ** (decibels / 20);
  if (player) player.volume = level;
}

/** What the record keeps of the sound output. */
export function output(): Record<string, unknown> {
  const context = player?.context as AudioContext | undefined;
  return context ? { sample_rate: context.sampleRate, base_latency: context.baseLatency ?? null, output_latency: context.outputLatency ?? null } : {};
}

/** A region that can be looped: inside the signal, at least shortestLoop long (or all of a shorter signal). */
export function asLoop(from: number, to: number, seconds: number): Region {
  let [low, high] = from <= to ? [from, to] : [to, from];
  low = Math.max(0, Math.min(low, seconds));
  high = Math.max(0, Math.min(high, seconds));
  const least = Math.min(shortestLoop, seconds);
  if (high - low < least) {
    high = Math.min(seconds, low + least);
    low = Math.max(0, high - least);
  }
  return { from: low, to: high };
}

export class Listening {
  readonly current = signal<string | null>(null); // what sounds, or sounded last
  readonly playing = signal(false);
  readonly heard = signal<ReadonlySet<string>>(new Set());
  readonly region = signal<Region | null>(null); // null: all
  readonly looped = signal(true);
  readonly seconds = signal(0);
  readonly ready = computed(() => this.seconds.value > 0);
  shape: Float32Array = new Float32Array(0); // of the open reference
  #wavs = new Map<string, Wav>();
  #buffers = new Map<string, AudioBuffer>();
  #player: Player | null = null;

  /** @param note told of every start and switch, for the record. */
  constructor(private readonly note: (type: string, body: Record<string, unknown>) => void = () => {}) {}

  /** @param shown whose waveform may be seen: the open reference, or none. */
  take(signals: ReadonlyMap<string, Wav>, shown: string | null): void {
    this.#wavs = new Map(signals);
    this.#buffers.clear();
    const [first] = signals.values();
    if (!first) return;
    this.#player = playerAt(first.rate);
    this.#player.seek(0); // not where the page before stopped
    const reference = shown ? signals.get(shown) : undefined;
    if (reference) this.shape = peaks(reference.channels, 600);
    this.seconds.value = Math.max(...[...signals.values()].map(({ rate, channels }) => (channels[0]?.length ?? 0) / rate));
  }

  /** Switches to a signal, or begins it. */
  select(id: string): void {
    if (!this.#player || !this.#wavs.has(id)) return;
    void (this.#player.context as AudioContext).resume();
    this.#player.loop = this.looped.value;
    this.#player.ended = () => { this.playing.value = false; };
    const before = this.playing.value ? this.current.value : null;
    if (before === id) return;
    this.note(before ? 'switched' : 'played', { stimulus: id, ...(before ? { from: before } : {}), at: Number(this.position().toFixed(3)) });
    this.#player.play(this.#buffer(id));
    this.current.value = id;
    this.playing.value = true;
    if (!this.heard.value.has(id)) this.heard.value = new Set([...this.heard.value, id]);
  }

  toggle(fallback: string): void {
    if (this.playing.value) this.stop();
    else this.select(this.current.value ?? fallback);
  }

  stop(): void {
    this.#player?.pause();
    this.playing.value = false;
  }

  /** Seconds from the signal's beginning. */
  position(): number {
    const { from, to } = this.#span();
    return this.#player ? from + this.#player.position(to - from) : 0;
  }

  seek(seconds: number): void {
    const { from, to } = this.#span();
    this.#player?.seek(Math.max(0, Math.min(seconds - from, to - from - 0.02)));
  }

  /** Loops a part, from its beginning; null: all. */
  setRegion(region: Region | null): void {
    const whole = region !== null && region.to - region.from > this.seconds.value - 0.02;
    this.region.value = whole ? null : region;
    this.#again(0);
  }

  setLooped(looped: boolean): void {
    const at = this.position() - this.#span().from;
    this.looped.value = looped;
    this.#again(at);
  }

  // From the buffers of the new region, after the old sound has faded out.
  #again(at: number): void {
    this.#buffers.clear();
    const player = this.#player;
    if (!player) return;
    const sounding = this.playing.value ? this.current.value : null;
    player.pause();
    player.seek(at);
    player.loop = this.looped.value;
    if (sounding) player.play(this.#buffer(sounding), player.context.currentTime + 4 * fadeSeconds);
  }

  #span(): Region { return this.region.value ?? { from: 0, to: this.seconds.value }; }

  #buffer(id: string): AudioBuffer {
    let buffer = this.#buffers.get(id);
    if (!buffer) {
      const { rate, channels } = this.#wavs.get(id)!;
      const { from, to } = this.#span();
      const part = channels.map((channel) => channel.subarray(Math.round(from * rate), Math.round(to * rate)));
      buffer = bufferOf(this.#player!.context, { rate, channels: part as Float32Array<ArrayBuffer>[] });
      this.#buffers.set(id, buffer);
    }
    return buffer;
  }
}
