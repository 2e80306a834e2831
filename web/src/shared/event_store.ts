/**
 * Where events wait until the server has them: IndexedDB, so that they outlive the page, the browser and the battery.
 * Events stay after they were sent until the session is forgotten, so that the whole of it can be downloaded.
 */
/** One thing somebody did; `client_seq` counts a session's events and makes sending again harmless. */
export interface SessionEvent { client_seq: number; type: string; body: Record<string, unknown> }

export interface EventStore {
  /** Numbers an event one higher than every other of the session, at least `atLeast`, and keeps it. */
  add(session: string, type: string, body: Record<string, unknown>, atLeast: number): Promise<SessionEvent>;
  all(session: string): Promise<SessionEvent[]>;
  unsent(session: string): Promise<SessionEvent[]>;
  /** Marks events as being on the server. */
  settle(session: string, numbers: readonly number[]): Promise<void>;
  forget(session: string): Promise<void>;
}

interface Kept extends SessionEvent { session: string; sent: boolean }

const bare = ({ client_seq, type, body }: Kept): SessionEvent => ({ client_seq, type, body });

/** For browsers that refuse IndexedDB (some private windows): as good as the page lives long. */
export class MemoryStore implements EventStore {
  #kept: Kept[] = [];

  async add(session: string, type: string, body: Record<string, unknown>, atLeast: number): Promise<SessionEvent> {
    const last = Math.max(0, ...this.#of(session).map(({ client_seq }) => client_seq));
    const event = { session, client_seq: Math.max(last + 1, atLeast), type, body, sent: false };
    this.#kept.push(event);
    return bare(event);
  }
  async all(session: string): Promise<SessionEvent[]> { return this.#of(session).map(bare); }
  async unsent(session: string): Promise<SessionEvent[]> { return this.#of(session).filter(({ sent }) => !sent).map(bare); }
  async settle(session: string, numbers: readonly number[]): Promise<void> {
    for (const event of this.#of(session)) if (numbers.includes(event.client_seq)) event.sent = true;
  }
  async forget(session: string): Promise<void> { this.#kept = this.#kept.filter((event) => event.session !== session); }
  #of(session: string): Kept[] { return this.#kept.filter((event) => event.session === session); }
}

const promised = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

class IndexedStore implements EventStore {
  constructor(private readonly database: IDBDatabase) {}

  // Numbering and keeping are one transaction: two tabs of one session cannot give the same number.
  add(session: string, type: string, body: Record<string, unknown>, atLeast: number): Promise<SessionEvent> {
    return this.#change(async (events) => {
      const last = await promised(events.openKeyCursor(range(session), 'prev'));
      const before = last ? (last.primaryKey as [string, number])[1] : 0;
      const event: Kept = { session, client_seq: Math.max(before + 1, atLeast), type, body, sent: false };
      await promised(events.add(event));
      return bare(event);
    });
  }
  async all(session: string): Promise<SessionEvent[]> { return (await this.#of(session)).map(bare); }
  async unsent(session: string): Promise<SessionEvent[]> {
    return (await this.#of(session)).filter(({ sent }) => !sent).map(bare);
  }
  settle(session: string, numbers: readonly number[]): Promise<void> {
    return this.#change(async (events) => {
      for (const number of numbers) {
        const event = await promised(events.get([session, number])) as Kept | undefined;
        if (event) await promised(events.put({ ...event, sent: true }));
      }
    });
  }
  forget(session: string): Promise<void> {
    return this.#change(async (events) => { await promised(events.delete(range(session))); });
  }

  #of(session: string): Promise<Kept[]> {
    return promised(this.database.transaction('events').objectStore('events').getAll(range(session)));
  }
  // Resolved when it is on the disk, not before.
  #change<T>(work: (events: IDBObjectStore) => Promise<T>): Promise<T> {
    const transaction = this.database.transaction('events', 'readwrite', { durability: 'strict' });
    return new Promise((resolve, reject) => {
      let result: T;
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error ?? new Error('this browser could not keep an answer'));
      work(transaction.objectStore('events')).then((value) => { result = value; }, (error) => {
        reject(error);
        try { transaction.abort(); } catch { /* over already */ }
      });
    });
  }
}

const range = (session: string) => IDBKeyRange.bound([session, 0], [session, Infinity]);

/** The browser's store; memory where there is none. */
export async function openStore(name = 'soundalike-study'): Promise<EventStore> {
  try {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('events', { keyPath: ['session', 'client_seq'] });
    return new IndexedStore(await promised(opening));
  } catch {
    return new MemoryStore();
  }
}
