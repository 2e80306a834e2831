/** What curves are made of: smoothing, axes, and several runs on one axis. Pure functions. */
import type { Scalars } from './runs_api.ts';

export type XAxis = 'step' | 'relative' | 'time';

/**
 * Exponential smoothing without the pull towards zero at the beginning: y[n] = Σ wᵏ x[n-k] / Σ wᵏ, over what is finite.
 * @param weight 0 (none) ... below 1. What is not finite stays a gap.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let sum = 0;
  let mass = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return sum / mass;
  });
}

/** The x of every point; relative: hours since the run's first point. */
export function abscissa({ steps, times }: Scalars, axis: XAxis): number[] {
  if (axis === 'step') return steps;
  const start = times.find((time) => time !== null) ?? 0;
  return times.map((time, n) => (time === null ? NaN : axis === 'time' ? time : (time - start) / 3600) || (axis === 'relative' ? 0 : steps[n]!));
}

/** Points whose value is no number (null in JSON): they cannot be drawn, and are counted instead of hidden. */
export const unusable = ({ values }: Scalars): number => values.filter((value) => value === null).length;

/** Points that a logarithmic axis cannot show. */
export function notPositive({ values }: Scalars): number {
  return values.filter((value) => value !== null && value <= 0).length;
}

export interface Line { x: number[]; y: (number | null)[] }

/** One x for several lines, sorted; where a line has no point at an x it is undefined, which is no gap. Of points with equal x the later counts. */
export function joined(lines: readonly Line[]): [number[], ...(number | null | undefined)[][]] {
  const places = new Set<number>();
  for (const { x } of lines) for (const value of x) if (Number.isFinite(value)) places.add(value);
  const xs = Float64Array.from(places).sort();
  const index = new Map<number, number>();
  xs.forEach((value, n) => index.set(value, n));
  const ys = lines.map(({ x, y }) => {
    const out: (number | null | undefined)[] = new Array<undefined>(xs.length).fill(undefined);
    x.forEach((value, n) => {
      const at = index.get(value);
      if (at !== undefined) out[at] = y[n]!;
    });
    return out;
  });
  return [Array.from(xs), ...ys];
}

/** Tags under the part before their last slash: {group: [tag, ...]}, as they come. */
export function grouped(tags: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const tag of tags) {
    const slash = tag.lastIndexOf('/');
    const name = slash < 0 ? '' : tag.slice(0, slash);
    groups.set(name, [...(groups.get(name) ?? []), tag]);
  }
  return groups;
}

export const lastPart = (tag: string): string => tag.slice(tag.lastIndexOf('/') + 1);

/** Whether a tag has every word of the filter; a filter between slashes is a regular expression. */
export function fits(tag: string, filter: string): boolean {
  const pattern = /^\/(.+)\/$/.exec(filter.trim())?.[1];
  if (pattern) {
    try { return new RegExp(pattern, 'i').test(tag); } catch { return true; }
  }
  return filter.toLowerCase().split(/\s+/).every((word) => tag.toLowerCase().includes(word));
}

/** The step among these that is nearest to the wanted one; the last without a wish. */
export function nearestStep(steps: readonly number[], wanted: number | null): number | null {
  if (steps.length === 0) return null;
  if (wanted === null) return steps[steps.length - 1]!;
  return steps.reduce((best, step) => (Math.abs(step - wanted) < Math.abs(best - wanted) ? step : best));
}
