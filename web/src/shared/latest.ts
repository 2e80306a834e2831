/**
 * Does the newest of many requests: one at a time, and of those that wait only the last. What a drag needs, where every
 * pointer move asks for a sound and only the newest matters.
 *
 *   const latest = new Latest(async (point, signal) => { ... });
 *   latest.ask(point);          // after the one in hand
 *   latest.ask(point, true);    // at once: the one in hand is aborted
 */
export class Latest<T> {
  #waiting: { value: T } | null = null;
  #running: AbortController | null = null;

  constructor(private readonly work: (value: T, signal: AbortSignal) => Promise<void>,
    private readonly failed: (error: unknown) => void = () => {}) {}

  ask(value: T, urgent = false): void {
    this.#waiting = { value };
    if (urgent) this.#running?.abort();
    if (urgent || !this.#running) void this.#run();
  }

  /** Forgets what waits and aborts what runs. */
  drop(): void {
    this.#waiting = null;
    this.#running?.abort();
    this.#running = null;
  }

  async #run(): Promise<void> {
    while (this.#waiting) {
      const { value } = this.#waiting;
      this.#waiting = null;
      const control = new AbortController();
      this.#running = control;
      try {
        await this.work(value, control.signal);
      } catch (error) {
        if (!control.signal.aborted) this.failed(error);
      }
      if (this.#running !== control) return; // an urgent one took over
      this.#running = null;
    }
  }
}
