/**
 * A spectrogram of a recording as numbers: magnitudes in dB over time (columns) and logarithmic frequency (rows, lowest
 * first), for pictures small enough to be made in the page.
 */

export const rows = 96;
const size = 2048; // Hann window, samples
const lowest = 60; // Hz

/** In place, radix 2 (Cooley and Tukey, 1965). */
export function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; ++i) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let length = 2; length <= n; length <<= 1) {
    const half = length >> 1;
    for (let k = 0; k < half; ++k) {
      const angle = (-2 * Math.PI * k) / length;
      const [wr, wi] = [Math.cos(angle), Math.sin(angle)];
      for (let i = k; i < n; i += length) {
        const j = i + half;
        const xr = re[j]! * wr - im[j]! * wi;
        const xi = re[j]! * wi + im[j]! * wr;
        re[j] = re[i]! - xr;
        im[j] = im[i]! - xi;
        re[i]! += xr;
        im[i]! += xi;
      }
    }
  }
}

/** dB of full scale (a full-scale sine is 0), columns x rows; not below `floor`. The channels' mean. */
export function spectrogram(channels: readonly Float32Array[], rate: number, columns: number, floor = -90): Float32Array {
  const frames = channels[0]?.length ?? 0;
  const out = new Float32Array(columns * rows).fill(floor);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const top = rate / 2;
  for (let column = 0; column < columns; ++column) {
    const start = Math.round(((column + 0.5) / columns) * frames - size / 2);
    im.fill(0);
    for (let n = 0; n < size; ++n) {
      let sum = 0;
      for (const channel of channels) sum += channel[start + n] ?? 0;
      re[n] = (sum / channels.length) * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
    }
    fft(re, im);
    for (let row = 0; row < rows; ++row) {
      const edge = (at: number) => ((lowest * (top / lowest) ** (at / rows)) / rate) * size;
      const from = Math.min(size / 2, Math.round(edge(row)));
      const to = Math.min(size / 2, Math.max(from, Math.round(edge(row + 1)) - 1));
      let peak = 0;
      for (let bin = from; bin <= to; ++bin) peak = Math.max(peak, re[bin]! ** 2 + im[bin]! ** 2);
      out[column * rows + row] = Math.max(floor, 10 * Math.log10(peak + 1e-20) - 20 * Math.log10(size / 4));
    }
  }
  return out;
}

/** Pixels (RGBA, top row highest frequency) of a spectrogram, by 256 colours over `floor` ... 0 dB. */
export function pictured(decibels: Float32Array, columns: number, ramp: readonly (readonly [number, number, number])[], floor = -90): Uint8ClampedArray<ArrayBuffer> {
  return pixels(columns, (at) => ramp[Math.max(0, Math.min(255, Math.round((255 * (decibels[at]! - floor)) / -floor)))]!);
}

/** Pixels of b less a: warm where b is louder, cold where it is softer, full colour at 24 dB. */
export function comparedPixels(a: Float32Array, b: Float32Array, columns: number): Uint8ClampedArray<ArrayBuffer> {
  return pixels(columns, (at) => {
    const by = Math.max(-1, Math.min(1, (b[at]! - a[at]!) / 24));
    const [up, down] = [Math.max(0, by), Math.max(0, -by)];
    return [40 + 215 * up, 40 + 130 * up + 100 * down, 40 + 215 * down];
  });
}

/** Mean of |b - a| in dB. */
export function meanDifference(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; ++n) sum += Math.abs(b[n]! - a[n]!);
  return a.length ? sum / a.length : 0;
}

function pixels(columns: number, colour: (at: number) => readonly [number, number, number]): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(4 * columns * rows);
  for (let column = 0; column < columns; ++column) {
    for (let row = 0; row < rows; ++row) out.set([...colour(column * rows + row), 255], 4 * ((rows - 1 - row) * columns + column));
  }
  return out;
}
