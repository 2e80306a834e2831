import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latest } from '../../src/shared/latest.ts';

/** Work that ends when told to. */
function manual() {
  const begun: number[] = [];
  const aborted: number[] = [];
  const ends: (() => void)[] = [];
  const latest = new Latest<number>((value, signal) => new Promise<void>((resolve) => {
    begun.push(value);
    signal.addEventListener('abort', () => { aborted.push(value); resolve(); });
    ends.push(resolve);
  }));
  return { latest, begun, aborted, end: async () => { ends.shift()!(); await new Promise(setImmediate); } };
}

test('of those that wait only the newest is done', async () => {
  const { latest, begun, end } = manual();
  for (const value of [1, 2, 3, 4]) latest.ask(value);
  assert.deepEqual(begun, [1]);
  await end();
  assert.deepEqual(begun, [1, 4]);
  await end();
  assert.deepEqual(begun, [1, 4]);
});

test('an urgent one aborts the one in hand and starts at once', async () => {
  const { latest, begun, aborted } = manual();
  latest.ask(1);
  latest.ask(2, true);
  assert.deepEqual(begun, [1, 2]);
  assert.deepEqual(aborted, [1]);
  await new Promise(setImmediate);
  latest.ask(3);
  assert.deepEqual(begun, [1, 2], 'the second still runs');
});

test('a failure is told and does not stop the next', async () => {
  const failures: unknown[] = [];
  const done: number[] = [];
  const latest = new Latest<number>(async (value) => {
    if (value === 1) throw new Error('no');
    done.push(value);
  }, (error) => failures.push((error as Error).message));
  latest.ask(1);
  latest.ask(2);
  await new Promise(setImmediate);
  assert.deepEqual([failures, done], [['no'], [2]]);
});

test('dropping forgets what waits', async () => {
  const { latest, begun, aborted } = manual();
  latest.ask(1);
  latest.ask(2);
  latest.drop();
  await new Promise(setImmediate);
  assert.deepEqual([begun, aborted], [[1], [1]]);
  latest.ask(3);
  assert.deepEqual(begun, [1, 3]);
});
