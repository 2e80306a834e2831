import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as history from '../../src/map/history.ts';
import { inside, middle, pointsInside } from '../../src/map/lasso.ts';
import { readUrl, writeUrl } from '../../src/map/url_state.ts';
import { boundsOf, panBy, toPosition, toScreen, wholeMap, zoomAround } from '../../src/map/view.ts';
import { clock, number } from '../../src/shared/format.ts';

const bounds = { left: -3, right: 5, bottom: 2, top: 4 };
const size = { width: 700, height: 500 };
const near = (a: readonly number[], b: readonly number[]) => a.forEach((v, n) => assert.ok(Math.abs(v - b[n]!) < 1e-6, `${a} ${b}`));

test('the whole map fits on the canvas, upright', () => {
  const view = wholeMap(bounds);
  for (const [x, y] of [[-3, 2], [5, 4]] as const) {
    const [px, py] = toScreen(bounds, view, size, x, y);
    assert.ok(px >= 0 && px <= 700 && py >= 0 && py <= 500);
  }
  assert.ok(toScreen(bounds, view, size, 0, 4)[1] < toScreen(bounds, view, size, 0, 2)[1]);
});

test('a pixel leads to a position and back', () => {
  const view = { x: 1.5, y: 3, zoom: 7 };
  near(toScreen(bounds, view, size, ...toPosition(bounds, view, size, 123, 45)), [123, 45]);
});

test('zooming keeps what is under the pointer there', () => {
  const view = wholeMap(bounds);
  const before = toPosition(bounds, view, size, 600, 100);
  near(toPosition(bounds, zoomAround(bounds, view, size, 600, 100, 3), size, 600, 100), before);
});

test('panning moves by as many pixels as the pointer', () => {
  const view = { x: 1.5, y: 3, zoom: 2 };
  const [px, py] = toScreen(bounds, view, size, 1, 3);
  near(toScreen(bounds, panBy(bounds, view, size, 30, -20), size, 1, 3), [px + 30, py - 20]);
});

test('bounds of one point, or none, are not empty', () => {
  for (const positions of [[], [4, 4], [NaN, 1]]) {
    const { left, right, bottom, top } = boundsOf(new Float32Array(positions));
    assert.ok(right > left && top > bottom);
  }
});

test('a concave outline holds only what is inside', () => {
  const arrow = [0, 0, 4, 0, 4, 4, 2, 1, 0, 4]; // a square with a notch from above
  assert.equal(inside(arrow, 2, 0.5), true);
  assert.equal(inside(arrow, 2, 3), false);
  assert.equal(inside(arrow, 0.5, 2), true);
  assert.equal(inside(arrow, 5, 1), false);
  assert.deepEqual(pointsInside(arrow, new Float32Array([2, 0.5, 2, 3, 3.5, 1])), [0, 2]);
  assert.deepEqual(middle([0, 2], new Float32Array([2, 0, 9, 9, 4, 2])), [3, 1]);
});

test('undo goes back, redo forward, a new step drops what lay ahead', () => {
  let h = history.empty<string>();
  assert.equal(history.current(h), undefined);
  for (const step of ['a', 'b', 'c']) h = history.visit(h, step);
  h = history.back(history.back(h));
  assert.equal(history.current(h), 'a');
  assert.equal(history.canGoBack(h), false);
  assert.equal(history.current(history.forward(h)), 'b');
  h = history.visit(h, 'd');
  assert.deepEqual(h.steps, ['a', 'd']);
  assert.equal(history.canGoForward(h), false);
});

test('history does not grow without end and stays on its last step', () => {
  let h = history.empty<number>();
  for (let n = 0; n < 1000; ++n) h = history.visit(h, n);
  assert.equal(h.steps.length, 200);
  assert.equal(history.current(h), 999);
});

test('what is written to the address is read back', () => {
  const state = { effect: 'lv2:http://drobilla.net/plugins/mda/Overdrive', clip: 'a1', map: 'm', projection: 'umap', colour: 'knob:Drive',
    x: -1.25, y: 0, reference: 'r', listen: 'reference' as const, pairs: true };
  assert.deepEqual(readUrl(writeUrl(state)), state);
  const settings = { effect: 'e', settings: [0, 0.25, 1] };
  assert.deepEqual(readUrl(writeUrl(settings)), settings);
  assert.equal(writeUrl({}), '');
});

test('an address edited by hand cannot put in nonsense', () => {
  assert.deepEqual(readUrl('?x=abc&y=&settings=2,3&listen=loud&effect='), {});
});

test('numbers are short', () => {
  assert.deepEqual([0, 1.23456, 12.345, 1234.5, -0.5, 1e-7, NaN].map(number), ['0', '1.23', '12.3', '1235', '−0.5', '1.0e−7', '–']);
  assert.equal(clock(127.9), '2:07');
});
