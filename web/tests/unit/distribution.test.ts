import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buckets, columnsOf, rangeOf, shares } from '../../src/runs/distribution.ts';
import type { Histogram } from '../../src/runs/runs_api.ts';

const histogram = (limits: (number | null)[], counts: number[], minimum = 0, maximum = 4): Histogram =>
  ({ step: 0, time: null, minimum, maximum, count: counts.reduce((sum, value) => sum + value, 0), sum: 0, limits, counts });

test('buckets end where the values do, whatever the writer says of the outermost', () => {
  const out = buckets(histogram([1, 2, Number.MAX_VALUE], [1, 0, 3]));
  assert.deepEqual(out, [{ from: 0, to: 1, count: 1 }, { from: 2, to: 4, count: 3 }]);
  assert.deepEqual(buckets(histogram([1, null], [1, 1])), [{ from: 0, to: 1, count: 1 }, { from: 1, to: 4, count: 1 }]);
});

test('shares sum to one and a wide bucket is spread evenly', () => {
  const out = shares(histogram([2, 4], [3, 1]), { low: 0, high: 4 }, 4);
  assert.deepEqual([...out], [0.375, 0.375, 0.125, 0.125]);
  const shifted = shares(histogram([1.5, 4], [1, 1]), { low: -1, high: 5 }, 7);
  assert.ok(Math.abs(shifted.reduce((sum, value) => sum + value, 0) - 1) < 1e-12);
});

test('values that are all the same have a bar, and nothing at all has none', () => {
  const same = histogram([2], [5], 2, 2);
  assert.deepEqual(rangeOf([same]), { low: 1.5, high: 2.5 });
  assert.equal(Math.max(...shares(same, rangeOf([same]), 10)), 1);
  assert.deepEqual([...shares(histogram([], []), { low: 0, high: 1 }, 3)], [0, 0, 0]);
  assert.deepEqual(rangeOf([]), { low: 0, high: 1 });
});

test('more steps than columns are averaged, none is left out', () => {
  const all = Array.from({ length: 10 }, (_, n) => histogram([2, 4], [n === 9 ? 0 : 1, n === 9 ? 1 : 0]));
  const columns = columnsOf(all, { low: 0, high: 4 }, 2, 4);
  assert.equal(columns.length, 4);
  const total = columns.reduce((sum, column, n) => sum + column[1]! * [2, 3, 2, 3][n]!, 0);
  assert.ok(Math.abs(total - 1) < 1e-12);
});
