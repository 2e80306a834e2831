/**
 * Brings a session's events to the server, whatever the line does: kept first, posted then, again and again until the
 * server says that they are on its disk. Posting twice does no harm (`client_seq`).
 *
 *   const outbox = new Outbox(await openStore(), session, (events, keepalive) => studyApi.post(...));
 *   await outbox.open(state.next_seq);          // also takes up what an earlier visit left
 *   await outbox.put('rating', { stimulus, score });
 *   await outbox.flush();                       // throws while the server is out of reach
 */
import { computed, signal } from '@preact/signals';
import { ApiError } from './api.ts';
import type { EventStore, SessionEvent } from './event_store.ts';

/** What the server says of events: how many are on its disk, how many were before, which make no sense to it. */
export interface Posted { accepted: number; repeated: number; refused?: { client_seq: number; reason: string }[] }

const batch = 50;
const keepaliveBytes = 60_000; // browsers allow 64 KB of requests that outlive their page
const waits = [500, 1000, 2000, 4000, 8000, 15000]; // milliseconds, after failures in a row

type Post = (events: readonly SessionEvent[], keepalive: boolean) => Promise<Posted>;

/** Whether asking again may help: no answer, or one of a server in trouble. */
export const mayPass = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status === 0 || error.status === 408 || error.status === 429 || error.status >= 500;

export class Outbox {
  readonly waiting = signal<readonly SessionEvent[]>([]);
  readonly reachable = signal(true);
  /** Set when sending again cannot help any more, such as after the session was erased. */
  readonly broken = signal<ApiError | null>(null);
  readonly saved = computed(() => this.waiting.value.length === 0);
  #least = 1;
  #running: Promise<void> | null = null;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: EventStore, readonly session: string, private readonly post: Post) {}

  async open(nextSeq: number): Promise<void> {
    this.#least = Math.max(this.#least, nextSeq);
    this.waiting.value = await this.store.unsent(this.session);
    if (this.waiting.value.length) this.#later(0);
  }

  /** Numbers from here on: the server may know of events from another device. */
  atLeast(nextSeq: number): void {
    this.#least = Math.max(this.#least, nextSeq);
  }

  /** On this device's disk when resolved; on the server soon. */
  async put(type: string, body: Record<string, unknown>): Promise<void> {
    const event = await this.store.add(this.session, type, body, this.#least);
    this.waiting.value = [...this.waiting.value, event];
    if (this.#failures === 0) this.#later(0);
  }

  /** Sends what waits. @throws ApiError when that does not work now. */
  async flush(): Promise<void> {
    this.close();
    while (this.waiting.value.length) await (this.#running ??= this.#send().finally(() => { this.#running = null; }));
  }

  /** Once more, now: the line is back, or the listener asks. */
  retry(): void {
    this.#failures = 0;
    this.#later(0);
  }

  /** As the page goes away: one last request, which outlives it. */
  leave(): void {
    let bytes = 0;
    const fit = this.waiting.value.filter((event) => (bytes += JSON.stringify(event).length + 1) < keepaliveBytes);
    if (fit.length) this.post(fit, true).then((posted) => this.#settle(fit, posted), () => {});
  }

  /** Everything that was done on this device, to download. */
  all(): Promise<SessionEvent[]> { return this.store.all(this.session); }

  /** No more sending by itself. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Nothing of the session stays on this device. */
  async forget(): Promise<void> {
    this.close();
    this.waiting.value = [];
    await this.store.forget(this.session);
  }

  #later(milliseconds: number): void {
    if (this.#timer !== undefined) {
      if (milliseconds > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => { this.flush().catch(() => {}); }, milliseconds);
  }

  async #send(): Promise<void> {
    const events = this.waiting.value.slice(0, batch);
    try {
      this.#settle(events, await this.#deliver(events));
      this.#failures = 0;
      this.reachable.value = true;
    } catch (error) {
      if (mayPass(error)) {
        this.reachable.value = false;
        this.#later(waits[Math.min(this.#failures++, waits.length - 1)]!);
      } else {
        this.broken.value = error as ApiError;
      }
      throw error;
    }
  }

  // A batch that the server finds senseless as a whole is sent one by one, so that one bad event holds up no other.
  async #deliver(events: readonly SessionEvent[]): Promise<Posted> {
    try {
      return await this.post(events, false);
    } catch (error) {
      const senseless = error instanceof ApiError && (error.status === 400 || error.status === 413);
      if (!senseless) throw error;
      if (events.length === 1) return { accepted: 0, repeated: 0, refused: [{ client_seq: events[0]!.client_seq, reason: error.message }] };
      for (const event of events) this.#settle([event], await this.#deliver([event]));
      return { accepted: 0, repeated: 0 };
    }
  }

  #settle(events: readonly SessionEvent[], { refused = [] }: Posted): void {
    for (const { client_seq, reason } of refused) console.warn(`event ${client_seq} was refused: ${reason}`);
    const done = new Set(events.map(({ client_seq }) => client_seq));
    this.waiting.value = this.waiting.value.filter(({ client_seq }) => !done.has(client_seq));
    this.store.settle(this.session, [...done]).catch(() => {});
  }
}
