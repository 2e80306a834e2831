/**
 * Plays one of several recordings and switches between them at the same moment of the music, without clicks.
 *
 *   const player = new Player(new AudioContext());
 *   player.play(wet);                 // sounds, looped
 *   player.play(dry);                 // the same place of another recording
 *   const at = player.play(next);     // the context's time at which it begins to sound
 *
 * A switch takes 5 ms of raised cosine. 'cross' fades both at once: for exploring, where the recordings are alike and
 * nothing should be missing. 'gap' fades out, then in, without overlap: what BS.1534-3 asks of a listening test. The
 * ends of a loop are faded by `bufferOf`, with the same curve.
 */
import { fadeEnds, fadeIn, fadeOut, fadeSeconds } from './raised_cosine.ts';
import type { Wav } from './wav.ts';

export type Switching = 'cross' | 'gap';

interface Voice { source: AudioBufferSourceNode; rise: GainNode; fall: GainNode; buffer: AudioBuffer }

/** A recording as the context wants it, its ends faded for looping. */
export function bufferOf(context: BaseAudioContext, { rate, channels }: Wav): AudioBuffer {
  const buffer = context.createBuffer(channels.length, Math.max(1, channels[0]!.length), rate);
  channels.forEach((channel, index) => {
    const samples = buffer.getChannelData(index);
    samples.set(channel);
    fadeEnds(samples, rate);
  });
  return buffer;
}

export class Player {
  /** Of what is played from now on. */
  loop = true;
  /** Told when a recording that is not looped has come to its end. */
  ended: () => void = () => {};
  readonly #out: GainNode;
  readonly #fadeFrames: number;
  #voice: Voice | null = null;
  #origin = 0; // the context's time at which the recording's first frame sounded, or would have
  #settled = 0; // when the latest fade ends: another switch waits for it, since three overlapping sounds would be too loud
  #paused = 0; // where it stands while nothing sounds, in seconds

  constructor(readonly context: BaseAudioContext, readonly switching: Switching = 'cross') {
    this.#out = context.createGain();
    this.#out.connect(context.destination);
    this.#fadeFrames = Math.round(fadeSeconds * context.sampleRate);
  }

  get playing(): boolean { return this.#voice !== null; }

  /** Seconds from the beginning of a recording of that length. */
  position(seconds: number): number {
    const at = this.#voice ? Math.max(0, this.context.currentTime - this.#origin) : this.#paused;
    return seconds > 0 ? at % seconds : 0;
  }

  /** 0 ... 1, amplitude; takes 20 ms. */
  set volume(value: number) {
    this.#out.gain.setTargetAtTime(value, this.context.currentTime, 0.005);
  }

  /** Switches to a recording, or begins it; returns the context's time of its first sample. */
  play(buffer: AudioBuffer, wanted = this.#soon()): number {
    const { context } = this;
    const fade = this.#fadeFrames / context.sampleRate;
    const when = Math.max(wanted, this.#settled);
    const begin = this.#voice && this.switching === 'gap' ? when + fade : when;
    if (this.#voice) this.#release(this.#voice, when);
    else this.#origin = begin - this.#paused;

    const source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = this.loop;
    // Two gains, because the curves of a rise and a fall that follow each other fast may not overlap on one.
    const rise = context.createGain();
    rise.gain.value = 0; // until the curve begins: a rounded start time must not let a frame through before it
    const fall = context.createGain();
    rise.gain.setValueCurveAtTime(fadeIn(this.#fadeFrames), begin, fade);
    source.connect(rise).connect(fall).connect(this.#out);
    source.start(begin, (((begin - this.#origin) % buffer.duration) + buffer.duration) % buffer.duration);
    const voice = { source, rise, fall, buffer };
    source.onended = () => {
      if (this.#voice !== voice) return;
      this.#voice = null;
      this.#paused = 0;
      this.ended();
    };
    this.#voice = voice;
    this.#settled = begin + fade;
    return begin;
  }

  /** Fades out and remembers the place. */
  pause(): void {
    if (!this.#voice) return;
    const when = Math.max(this.#soon(), this.#settled);
    this.#paused = Math.max(0, when - this.#origin);
    this.#release(this.#voice, when);
    this.#voice = null;
  }

  /** Goes on from another place, at once where it plays. */
  seek(seconds: number): void {
    this.#paused = seconds;
    if (!this.#voice) return;
    const { buffer } = this.#voice;
    const when = Math.max(this.#soon(), this.#settled);
    this.#origin = when - seconds + (this.switching === 'gap' ? this.#fadeFrames / this.context.sampleRate : 0);
    this.play(buffer, when);
  }

  #release({ source, rise, fall }: Voice, when: number): void {
    const fade = this.#fadeFrames / this.context.sampleRate;
    fall.gain.setValueCurveAtTime(fadeOut(this.#fadeFrames), when, fade);
    source.stop(when + fade);
    source.onended = () => { source.disconnect(); rise.disconnect(); fall.disconnect(); };
  }

  /** The next whole frame that the audio thread surely has not rendered yet: two of its blocks ahead. */
  #soon(): number {
    const { currentTime, sampleRate } = this.context;
    return (Math.ceil(currentTime * sampleRate) + 256) / sampleRate;
  }
}
