import assert from 'node:assert/strict';
import { test } from 'node:test';
import { categories, indices, ramp, spanOf } from '../../src/shared/colour.ts';

type Rgb = readonly number[];
const linear = (v: number) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);

/** What dichromats see, in linear light. Machado, Oliveira, Fernandes, 2009, severity 1. */
const sight: Record<string, number[][]> = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
};

/** CIE L*a*b*, D65, as an eye with that matrix sees the colour. */
function lab(rgb: Rgb, matrix: number[][]): number[] {
  const light = rgb.map(linear);
  const [r, g, b] = matrix.map((row) => Math.max(0, row.reduce((sum, m, i) => sum + m * light[i]!, 0))) as [number, number, number];
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
const apart = (a: Rgb, b: Rgb, matrix: number[][]) => {
  const [p, q] = [lab(a, matrix), lab(b, matrix)];
  return Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!);
};

for (const [name, matrix] of Object.entries(sight)) {
  for (const dark of [true, false]) {
    test(`the scale gets lighter at every step, ${name}, ${dark ? 'dark' : 'light'}`, () => {
      const light = ramp(dark).map((rgb) => lab(rgb, matrix)[0]!);
      for (let n = 8; n < 256; n += 8) assert.ok(light[n]! > light[n - 8]!, `${n}: ${light[n - 8]} ${light[n]}`);
      assert.ok(light[255]! - light[0]! > 45, `${light[255]! - light[0]!}`);
    });
  }
  test(`every two categories can be told apart, ${name}`, () => {
    for (let a = 0; a < categories.length; ++a) {
      for (let b = 0; b < a; ++b) assert.ok(apart(categories[a]!, categories[b]!, matrix) > 9, `${a} ${b} ${apart(categories[a]!, categories[b]!, matrix)}`);
    }
  });
}

test('the scale can be seen on its ground', () => {
  const contrast = (a: Rgb, b: Rgb) => {
    const [p, q] = [a, b].map((rgb) => 0.2126 * linear(rgb[0]!) + 0.7152 * linear(rgb[1]!) + 0.0722 * linear(rgb[2]!) + 0.05) as [number, number];
    return Math.max(p, q) / Math.min(p, q);
  };
  for (const rgb of ramp(true)) assert.ok(contrast(rgb, [15, 17, 21]) >= 2.9, `${rgb}`);
  for (const rgb of ramp(false)) assert.ok(contrast(rgb, [241, 242, 244]) >= 1.8, `${rgb}`);
});

test('one stray value does not grey out the rest', () => {
  const values = Float32Array.from({ length: 1000 }, (_, n) => n / 1000);
  values[0] = 1e6;
  values[1] = NaN;
  const { low, high } = spanOf(values);
  assert.ok(low > 0 && low < 0.02 && high > 0.98 && high < 1, `${low} ${high}`);
});

test('indices go from 0 to 255 and never outside', () => {
  assert.deepEqual([...indices(new Float32Array([-5, 0, 0.5, 1, 9, NaN]), { low: 0, high: 1 })], [0, 0, 128, 255, 255, 0]);
});

test('equal or missing values still give a span', () => {
  assert.deepEqual(spanOf(new Float32Array([2, 2])), { low: 1.5, high: 2.5 });
  assert.deepEqual(spanOf(new Float32Array([NaN])), { low: 0, high: 1 });
});
