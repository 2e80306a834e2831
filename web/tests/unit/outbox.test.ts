import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../src/shared/api.ts';
import { MemoryStore, type SessionEvent } from '../../src/shared/event_store.ts';
import { Outbox } from '../../src/shared/outbox.ts';

/** A server that stores each client_seq once, behind a line that a test can spoil. */
function server(line: () => 'ok' | 'lost' | 'answer lost' = () => 'ok') {
  const stored = new Map<number, SessionEvent>();
  let requests = 0;
  const post = async (events: readonly SessionEvent[]) => {
    ++requests;
    const fate = line();
    if (fate === 'lost') throw new ApiError('unreachable', 'lost', 0);
    let accepted = 0;
    for (const event of events) {
      if (stored.has(event.client_seq)) continue;
      stored.set(event.client_seq, structuredClone(event));
      ++accepted;
    }
    if (fate === 'answer lost') throw new ApiError('unreachable', 'lost', 0);
    return { accepted, repeated: events.length - accepted };
  };
  return { stored, post, requests: () => requests };
}

async function flushed(outbox: Outbox): Promise<void> {
  while (!outbox.saved.value) await outbox.flush().catch(() => {});
}

test('every event arrives once and in order, however bad the line', async () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const far = server(() => (random() < 0.3 ? 'lost' : random() < 0.3 ? 'answer lost' : 'ok'));
  const outbox = new Outbox(new MemoryStore(), 's', far.post);
  await outbox.open(1);
  for (let n = 0; n < 300; ++n) {
    await outbox.put('rating', { score: n });
    if (n % 7 === 0) await outbox.flush().catch(() => {});
  }
  await flushed(outbox);
  assert.deepEqual([...far.stored.keys()].sort((a, b) => a - b), Array.from({ length: 300 }, (_, n) => n + 1));
  for (const [seq, event] of far.stored) assert.equal(event.body.score, seq - 1);
});

test('what an earlier visit left is taken up by the next', async () => {
  const store = new MemoryStore();
  const before = new Outbox(store, 's', server(() => 'lost').post);
  await before.open(1);
  await before.put('rating', { score: 1 });
  await before.flush().catch(() => {});
  before.close();
  const far = server();
  const now = new Outbox(store, 's', far.post);
  await now.open(1);
  await now.put('rating', { score: 2 });
  await flushed(now);
  assert.deepEqual([...far.stored.values()].map(({ client_seq, body }) => [client_seq, body.score]), [[1, 1], [2, 2]]);
});

test('numbers go on behind those of another device', async () => {
  const far = server();
  const outbox = new Outbox(new MemoryStore(), 's', far.post);
  await outbox.open(42);
  await outbox.put('note', {});
  outbox.atLeast(50);
  await outbox.put('note', {});
  await flushed(outbox);
  assert.deepEqual([...far.stored.keys()], [42, 50]);
});

test('one senseless event does not hold up the others', async () => {
  const arrived: number[] = [];
  const outbox = new Outbox(new MemoryStore(), 's', async (events) => {
    if (events.some(({ type }) => type === 'bad')) throw new ApiError('invalid_argument', 'no', 400);
    arrived.push(...events.map(({ client_seq }) => client_seq));
    return { accepted: events.length, repeated: 0 };
  });
  await outbox.open(1);
  for (const type of ['note', 'bad', 'note']) await outbox.put(type, {});
  await flushed(outbox);
  assert.deepEqual(arrived, [1, 3]);
});

test('a session that is gone stops the sending and says so', async () => {
  let asked = 0;
  const outbox = new Outbox(new MemoryStore(), 's', async () => { ++asked; throw new ApiError('not_found', 'erased', 404); });
  await outbox.open(1);
  await outbox.put('note', {});
  await outbox.flush().catch(() => {});
  assert.equal(outbox.broken.value?.status, 404);
  assert.equal(outbox.waiting.value.length, 1);
  assert.ok(asked >= 1);
});

test('all that was done can be downloaded, sent or not, until it is forgotten', async () => {
  const outbox = new Outbox(new MemoryStore(), 's', server().post);
  await outbox.open(1);
  await outbox.put('rating', { score: 1 });
  await flushed(outbox);
  await outbox.put('rating', { score: 2 });
  assert.equal((await outbox.all()).length, 2);
  await outbox.forget();
  assert.deepEqual(await outbox.all(), []);
});
