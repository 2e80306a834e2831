import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fadeEnds, fadeIn, fadeOut } from '../../src/shared/raised_cosine.ts';

test('a fade begins at 0, ends at 1 and is half way in the middle', () => {
  const rise = fadeIn(240);
  assert.equal(rise.length, 241);
  assert.equal(rise[0], 0);
  assert.equal(rise[240], 1);
  assert.ok(Math.abs(rise[120]! - 0.5) < 1e-7);
});

test('rise and fall add up to one', () => {
  const [rise, fall] = [fadeIn(221), fadeOut(221)];
  for (let n = 0; n <= 221; ++n) assert.ok(Math.abs(rise[n]! + fall[n]! - 1) < 1e-7);
});

test('a looped channel has no step where its ends meet', () => {
  const channel = new Float32Array(48000).fill(1);
  fadeEnds(channel, 48000);
  assert.equal(channel[0], 0);
  assert.equal(channel[47999], 0);
  assert.equal(channel[240], 1);
  assert.equal(channel[24000], 1);
});

test('a channel shorter than two fades is still faded to zero at both ends', () => {
  const channel = new Float32Array([1, 1, 1]);
  fadeEnds(channel, 48000);
  assert.deepEqual([...channel], [0, 1, 0]);
  fadeEnds(new Float32Array(0), 48000);
});
