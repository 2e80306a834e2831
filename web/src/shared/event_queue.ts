/**
 * Events that must reach the server, each once: kept in this browser until the server has them, sent in order, tried
 * again after failures, sent off when the page is left. The server ignores a number it has seen.
 *
 *   const queue = new EventQueue(`api/expert/${map}/sessions/${session}/events`, session, localStorage);
 *   queue.add('score_midpoint', { number: 1, score: 7 });
 *   const answer = await queue.flush();      // the server's last answer, once everything has arrived
 */
export interface QueuedEvent { client_seq: number; type: string; body: unknown }
export type Send = (path: string, events: readonly QueuedEvent[], leaving: boolean) => Promise<unknown>;

const post: Send = async (path, events, leaving) => {
  const response = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(events), keepalive: leaving,
  });
  if (response.ok) return response.json();
  const text = await response.text();
  let message = text;
  try { message = (JSON.parse(text) as { error: { message: string } }).error.message; } catch { /* as it is */ }
  throw Object.assign(new Error(message), { refused: response.status >= 400 && response.status < 500 });
};

const atOnce = 200; // events of one request: far below the server's limit of 1 MB

export class EventQueue {
  readonly #key: string;
  #waiting: QueuedEvent[] = [];
  #next = 1; // the server counts from one
  #running: Promise<unknown> | null = null;

  constructor(private readonly path: string, session: string, private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
    private readonly send: Send = post) {
    this.#key = `soundalike.events.${session}`;
    try {
      const stored = JSON.parse(storage.getItem(this.#key) ?? '{}') as { waiting?: QueuedEvent[]; next?: number };
      this.#waiting = stored.waiting ?? [];
      this.#next = stored.next ?? 1;
    } catch { /* damaged: what the server has counts */ }
  }

  get waiting(): number { return this.#waiting.length; }

  add(type: string, body: unknown): void {
    this.#waiting.push({ client_seq: this.#next++, type, body });
    this.#keep();
  }

  /** Sends all that waits; throws what the server said, and keeps what did not arrive. */
  flush(): Promise<unknown> {
    this.#running ??= this.#run().finally(() => { this.#running = null; });
    return this.#running;
  }

  /** The last chance, when the page is left: without waiting for the answer. */
  leave(): void {
    if (this.#waiting.length) void this.send(this.path, this.#waiting.slice(0, atOnce), true).catch(() => {});
  }

  async #run(): Promise<unknown> {
    let answer: unknown = null;
    while (this.#waiting.length) {
      const batch = this.#waiting.slice(0, atOnce);
      try {
        answer = await this.send(this.path, batch, false);
      } catch (error) {
        // What the server will never take must not hold up what comes after it.
        if ((error as { refused?: boolean }).refused) this.#drop(batch.length);
        throw error;
      }
      this.#drop(batch.length);
    }
    return answer;
  }

  #drop(count: number): void {
    this.#waiting = this.#waiting.slice(count);
    this.#keep();
  }

  #keep(): void {
    this.storage.setItem(this.#key, JSON.stringify({ waiting: this.#waiting, next: this.#next }));
  }
}
