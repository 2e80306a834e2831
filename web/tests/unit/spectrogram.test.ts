import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparedPixels, fft, meanDifference, rows, spectrogram } from '../../src/runs/spectrogram.ts';

test('the transform is the discrete Fourier transform', () => {
  const n = 16;
  const x = Float64Array.from({ length: n }, (_, k) => Math.sin(k * k));
  const [re, im] = [x.slice(), new Float64Array(n)];
  fft(re, im);
  for (let k = 0; k < n; ++k) {
    let [sumRe, sumIm] = [0, 0];
    for (let t = 0; t < n; ++t) {
      sumRe += x[t]! * Math.cos((2 * Math.PI * k * t) / n);
      sumIm -= x[t]! * Math.sin((2 * Math.PI * k * t) / n);
    }
    assert.ok(Math.abs(re[k]! - sumRe) < 1e-12 && Math.abs(im[k]! - sumIm) < 1e-12);
  }
});

const sine = (hertz: number, gain = 1) => Float32Array.from({ length: 48000 }, (_, n) => gain * Math.sin((2 * Math.PI * hertz * n) / 48000));

test('a full-scale sine is 0 dB in the row of its frequency, and nothing elsewhere', () => {
  const picture = spectrogram([sine(3000)], 48000, 5);
  const column = [...picture.subarray(2 * rows, 3 * rows)];
  const row = Math.floor((rows * Math.log(3000 / 60)) / Math.log(24000 / 60));
  const at = column.indexOf(Math.max(...column));
  assert.ok(Math.abs(column[at]!) < 0.1 && Math.abs(at - row) <= 1, `${column[at]} at ${at}, not ${row}`);
  assert.ok(column[10]! < -60);
});

test('half as loud is 6 dB less, and cold', () => {
  let state = 1;
  const noise = Float32Array.from({ length: 48000 }, () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5);
  const [a, b] = [spectrogram([noise], 48000, 4, -200), spectrogram([noise.map((sample) => sample / 2)], 48000, 4, -200)];
  assert.ok(Math.abs(meanDifference(a, b) - 20 * Math.log10(2)) < 1e-3);
  const [red, , blue] = comparedPixels(a, b, 4);
  assert.ok(blue! > red!);
});
