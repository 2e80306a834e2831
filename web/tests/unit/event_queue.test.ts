import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventQueue, type QueuedEvent } from '../../src/shared/event_queue.ts';

function memory() {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => { kept.set(key, value); }, removeItem: (key: string) => { kept.delete(key); } };
}

test('events arrive once, in order, with growing numbers', async () => {
  const got: QueuedEvent[] = [];
  const queue = new EventQueue('p', 's', memory(), async (_, events) => { got.push(...events); return { accepted: events.length }; });
  queue.add('a', 1);
  queue.add('b', 2);
  assert.deepEqual(await queue.flush(), { accepted: 2 });
  queue.add('c', 3);
  await queue.flush();
  assert.deepEqual(got.map(({ client_seq, type }) => [client_seq, type]), [[1, 'a'], [2, 'b'], [3, 'c']]);
});

test('what did not arrive is sent again, also after a reload, under the same number', async () => {
  const storage = memory();
  const broken = new EventQueue('p', 's', storage, async () => { throw new Error('no network'); });
  broken.add('a', 1);
  await assert.rejects(broken.flush(), /no network/);
  const got: QueuedEvent[] = [];
  const again = new EventQueue('p', 's', storage, async (_, events) => { got.push(...events); });
  again.add('b', 2);
  await again.flush();
  assert.deepEqual(got.map(({ client_seq, type }) => [client_seq, type]), [[1, 'a'], [2, 'b']]);
});

test('what the server refuses does not hold up what comes after it', async () => {
  const got: string[] = [];
  const queue = new EventQueue('p', 's', memory(), async (_, events) => {
    if (events.some(({ type }) => type === 'bad')) throw Object.assign(new Error('no such event'), { refused: true });
    got.push(...events.map(({ type }) => type));
  });
  queue.add('bad', 0);
  await assert.rejects(queue.flush(), /no such event/);
  queue.add('good', 0);
  await queue.flush();
  assert.deepEqual(got, ['good']);
});

test('two flushes at once send nothing twice', async () => {
  let sent = 0;
  const queue = new EventQueue('p', 's', memory(), async (_, events) => { sent += events.length; });
  for (let n = 0; n < 450; ++n) queue.add('pointer', n);
  await Promise.all([queue.flush(), queue.flush()]);
  assert.equal(sent, 450);
  assert.equal(queue.waiting, 0);
});
