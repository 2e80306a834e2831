/**
 * Reads the WAV files the server sends (float32, PCM of 16 bits) without the browser's decoder: at the file's own rate,
 * bit by bit as it was rendered, and at once.
 */
export interface Wav { rate: number; channels: Float32Array<ArrayBuffer>[] }

export function parseWav(bytes: ArrayBuffer): Wav {
  const view = new DataView(bytes);
  const name = (at: number) => String.fromCharCode(...new Uint8Array(bytes, at, 4));
  if (bytes.byteLength < 12 || name(0) !== 'RIFF' || name(8) !== 'WAVE') throw new Error('cannot play the audio: it is not a WAV file');
  let format = 0;
  let count = 0;
  let rate = 0;
  let bits = 0;
  for (let at = 12; at + 8 <= bytes.byteLength;) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (name(at) === 'fmt ' && size >= 16) {
      format = view.getUint16(start, true);
      count = view.getUint16(start + 2, true);
      rate = view.getUint32(start + 4, true);
      bits = view.getUint16(start + 14, true);
      if (format === 0xfffe && size >= 40) format = view.getUint16(start + 24, true); // extensible: the real one
    } else if (name(at) === 'data') {
      const float = format === 3 && bits === 32;
      if (count === 0 || !(float || (format === 1 && bits === 16))) {
        throw new Error(`cannot play the audio: WAV format ${format} of ${bits} bits is not known`);
      }
      const frames = Math.floor(Math.min(size, bytes.byteLength - start) / (count * bits / 8));
      return { rate, channels: Array.from({ length: count }, (_, channel) => float
        ? floats(bytes, view, start, frames, count, channel) : integers(view, start, frames, count, channel)) };
    }
    at = start + size + (size & 1);
  }
  throw new Error('cannot play the audio: the WAV file has no samples');
}

function floats(bytes: ArrayBuffer, view: DataView, start: number, frames: number, count: number, channel: number) {
  const out = new Float32Array(frames);
  if (start % 4 === 0) {
    const all = new Float32Array(bytes, start, frames * count);
    if (count === 1) out.set(all);
    else for (let n = 0, at = channel; n < frames; ++n, at += count) out[n] = all[at]!;
  } else {
    for (let n = 0; n < frames; ++n) out[n] = view.getFloat32(start + 4 * (n * count + channel), true);
  }
  return out;
}

function integers(view: DataView, start: number, frames: number, count: number, channel: number) {
  return Float32Array.from({ length: frames }, (_, n) => view.getInt16(start + 2 * (n * count + channel), true) / 32768);
}

/** The largest magnitude in each of `columns` equal parts of all channels: what a waveform picture shows. */
export function peaks(channels: readonly Float32Array[], columns: number): Float32Array {
  const out = new Float32Array(columns);
  const frames = channels[0]?.length ?? 0;
  for (const channel of channels) {
    for (let column = 0; column < columns; ++column) {
      const end = Math.floor(((column + 1) * frames) / columns);
      let peak = out[column]!;
      for (let n = Math.floor((column * frames) / columns); n < end; ++n) peak = Math.max(peak, Math.abs(channel[n]!));
      out[column] = peak;
    }
  }
  return out;
}
