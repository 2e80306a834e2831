import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abscissa, fits, grouped, joined, nearestStep, smooth, unusable } from '../../src/runs/curve.ts';

test('smoothing keeps a constant, weighs from the first point on, and leaves gaps as gaps', () => {
  assert.deepEqual(smooth([3, 3, 3], 0.9).map((value) => Number(value!.toFixed(9))), [3, 3, 3]);
  assert.deepEqual(smooth([1, 2], 0), [1, 2]);
  const [first, gap, second] = smooth([1, null, 2], 0.5);
  assert.equal(first, 1);
  assert.equal(gap, null);
  assert.ok(Math.abs(second! - (0.5 * 0.5 * 1 + 0.5 * 2) / 0.75) < 1e-12);
});

test('lines with different steps share one axis, and where one has no point there is no gap', () => {
  assert.deepEqual(joined([{ x: [0, 2], y: [1, null] }, { x: [1, 2], y: [5, 6] }]), [[0, 1, 2], [1, undefined, null], [undefined, 5, 6]]);
});

test('time spent begins at the first point', () => {
  const points = { steps: [0, 1], times: [1000, 4600], values: [1, null] };
  assert.deepEqual(abscissa(points, 'relative'), [0, 1]);
  assert.deepEqual(abscissa(points, 'step'), [0, 1]);
  assert.equal(unusable(points), 1);
});

test('tags go by folder, are found by words or an expression, and steps by nearness', () => {
  assert.deepEqual([...grouped(['a/b/x', 'a/b/y', 'z'])], [['a/b', ['a/b/x', 'a/b/y']], ['', ['z']]]);
  assert.ok(fits('train/Loss', 'loss tr') && !fits('train/loss', 'valid') && fits('train/loss', '/^tr.*ss$/') && !fits('x', '/^tr/'));
  assert.equal(nearestStep([0, 100, 200], 130), 100);
  assert.equal(nearestStep([0, 100, 200], null), 200);
  assert.equal(nearestStep([], 3), null);
});
