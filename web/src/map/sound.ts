/**
 * What is heard: dry, wet or the reference, at the same moment of the music, the wet one rendered anew at every move.
 *
 * `click-to-sound` performance measures tell how long each took from the gesture to the first sample of the new sound
 * leaving the audio graph, with the plugin's and the server's share in their detail.
 */
import { effect as react, signal } from '@preact/signals';
import { api, type RenderTarget } from '../shared/api.ts';
import { Latest } from '../shared/latest.ts';
import { bufferOf, Player } from '../shared/player.ts';
import { complain } from '../shared/toast.tsx';
import { peaks, type Wav } from '../shared/wav.ts';
import { about, clip, reference } from './session.ts';
import { expectSound, soundIsThere } from './sound_first.ts';

export type Listen = 'dry' | 'wet' | 'reference';

export const listen = signal<Listen>('wet');
export const playing = signal(false);
export const matchLoudness = signal(true);
export const dryWet = signal(1);
export const volume = signal(0.9);

export interface Latency { total: number; plugin: number; server: number }
export const latency = signal<Latency | null>(null);

/** A recording ready to play, with its picture. */
export interface Track { buffer: AudioBuffer; peaks: Float32Array }
export const tracks = signal<Record<Listen, Track | null>>({ dry: null, wet: null, reference: null });

const pictureColumns = 600;
let player: Player | null = null;

/** Browsers allow sound only after a gesture: the context is made, or woken, by the first. */
function ready(): Player {
  player ??= new Player(new AudioContext({ latencyHint: 'interactive' }));
  const context = player.context as AudioContext;
  if (context.state === 'suspended') void context.resume();
  return player;
}

function playable(wav: Wav): AudioBuffer {
  // Contexts may be made before a gesture; they only do not sound.
  player ??= new Player(new AudioContext({ latencyHint: 'interactive' }));
  return bufferOf(player.context, wav);
}

const track = (wav: Wav, buffer = playable(wav)): Track => ({ buffer, peaks: peaks(wav.channels, pictureColumns) });

function put(role: Listen, value: Track | null): void {
  tracks.value = { ...tracks.value, [role]: value };
}

export function position(): number {
  const buffer = tracks.value[listen.value]?.buffer ?? tracks.value.dry?.buffer;
  return player && buffer ? player.position(buffer.duration) : 0;
}

export function duration(): number {
  return (tracks.value[listen.value] ?? tracks.value.dry)?.buffer.duration ?? 0;
}

export function start(): void {
  const chosen = tracks.value[listen.value] ?? tracks.value.dry;
  playing.value = true;
  const { context } = ready();
  if (chosen && context) player!.play(chosen.buffer);
}

export function stop(): void {
  playing.value = false;
  player?.pause();
}

export const toggle = (): void => (playing.value ? stop() : start());

/** Counts jumps, so that what shows the position while nothing plays knows of them. */
export const jumps = signal(0);

export function seek(seconds: number): void {
  if (duration() === 0 || !player) return;
  player.seek(Math.max(0, Math.min(seconds, duration() - 1e-3)));
  ++jumps.value;
}

export function hear(which: Listen): void {
  const chosen = tracks.value[which];
  if (!chosen) return;
  listen.value = which;
  if (playing.value) ready().play(chosen.buffer);
}

/** Plays another recording in the wet one's place: comparing favourites. */
export function audition(wav: Wav): void {
  put('wet', track(wav));
  listen.value = 'wet';
  start();
}

interface Request { target: RenderTarget; begun: number | null }

const renders = new Latest<Request>(async ({ target, begun }, signal) => {
  const { wav, pluginMs, serverMs } = await api.render({
    ...target, match_loudness: matchLoudness.value, dry_wet: dryWet.value, ...excerpt(),
  }, signal);
  if (signal.aborted) return;
  const buffer = playable(wav);
  if (listen.value === 'wet' && playing.value) { // heard first, drawn then
    const { context } = ready();
    const at = player!.play(buffer);
    if (begun !== null) {
      const sounds = performance.now() + 1000 * (at - context.currentTime + ((context as AudioContext).baseLatency || 0));
      latency.value = { total: sounds - begun, plugin: pluginMs, server: serverMs };
      performance.measure('click-to-sound', { start: begun, end: sounds, detail: { plugin: pluginMs, server: serverMs } });
    }
  }
  put('wet', track(wav, buffer));
  soundIsThere();
}, (error) => {
  soundIsThere();
  if ((error as { code?: string }).code !== 'superseded') complain(error);
});

/** The server renders so much at most; the dry one is cut to the same. */
function excerpt(): { seconds?: number } {
  const limit = about.value?.limits.render_seconds ?? 30;
  return clip.value && clip.value.seconds > limit ? { seconds: limit } : {};
}

let lastTarget: RenderTarget | null = null;

/**
 * Renders and, where wet is heard, plays.
 * @param begun when the gesture began (event.timeStamp): then it also starts to play, and the time is taken.
 * @param urgent does not wait for the render in hand: a new gesture, not the next move of the same.
 */
export function ask(target: RenderTarget, begun: number | null = null, urgent = false): void {
  lastTarget = target;
  if (begun !== null) ready();
  renders.ask({ target, begun }, urgent); // asked for before anything is changed that would be drawn
  if (begun === null) return;
  expectSound();
  listen.value = 'wet';
  playing.value = true;
}

/** After a change of what all renders share: loudness, mix. */
export function again(): void {
  if (lastTarget) renders.ask({ target: lastTarget, begun: null });
}

/** Forgets the wet recording: another effect or clip is chosen. */
export function forget(): void {
  renders.drop();
  lastTarget = null;
  put('wet', null);
}

react(() => { const value = volume.value; if (player) player.volume = value ** 2; });

async function load(role: 'dry' | 'reference', id: string): Promise<void> {
  const wav = await api.sound(id);
  const now = role === 'dry' ? clip : reference;
  if (now.value?.id !== id) return;
  const limit = excerpt().seconds;
  if (role === 'dry' && limit) wav.channels = wav.channels.map((channel) => channel.slice(0, Math.round(limit * wav.rate)));
  if (role === 'reference') level(wav);
  put(role, track(wav));
  if (playing.value && listen.value === role) ready().play(tracks.value[role]!.buffer);
}

/** Makes the reference as loud as the clip, so that louder does not pass for better; never so that it clips. */
function level(wav: Wav): void {
  const [of, to] = [reference.value?.lufs, clip.value?.lufs];
  if (of === null || to === null || of === undefined || to === undefined) return;
  const peak = Math.max(1e-9, ...peaks(wav.channels, 1));
  const gain = Math.min(10 ** ((to - of) / 20), 0.99 / peak);
  for (const channel of wav.channels) for (let n = 0; n < channel.length; ++n) channel[n]! *= gain;
}

let dryId = '';
react(() => {
  const id = clip.value?.id ?? '';
  if (id === dryId) return;
  dryId = id;
  tracks.value = { ...tracks.peek(), dry: null, wet: null };
  if (id) load('dry', id).catch(complain);
});
let referenceId = '';
react(() => {
  const id = reference.value?.id ?? '';
  if (id === referenceId) return;
  referenceId = id;
  put('reference', null);
  if (!id && listen.peek() === 'reference') listen.value = 'wet';
  if (id) load('reference', id).catch(complain);
});
