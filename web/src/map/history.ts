/**
 * Where one has been, for undo and redo. Immutable: each change gives a new history.
 *
 *   let h = empty<Place>();
 *   h = visit(h, a); h = visit(h, b); h = back(h);   // current(h) is a
 *
 * At most `limit` steps are kept. Going somewhere after going back drops what lay ahead, as everywhere.
 */
export interface History<T> { readonly steps: readonly T[]; readonly at: number }

const limit = 200;

export const empty = <T>(): History<T> => ({ steps: [], at: -1 });
export const current = <T>({ steps, at }: History<T>): T | undefined => steps[at];
export const canGoBack = <T>({ at }: History<T>): boolean => at > 0;
export const canGoForward = <T>({ steps, at }: History<T>): boolean => at < steps.length - 1;

export function visit<T>({ steps, at }: History<T>, step: T): History<T> {
  const kept = [...steps.slice(0, at + 1), step].slice(-limit);
  return { steps: kept, at: kept.length - 1 };
}

export const goTo = <T>({ steps }: History<T>, at: number): History<T> =>
  ({ steps, at: Math.max(Math.min(0, steps.length - 1), Math.min(steps.length - 1, at)) });
export const back = <T>(history: History<T>): History<T> => goTo(history, history.at - 1);
export const forward = <T>(history: History<T>): History<T> => goTo(history, history.at + 1);
