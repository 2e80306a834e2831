/** What pictures of histograms are made of. Pure functions. */
import type { Histogram } from './runs_api.ts';

export interface Bucket { from: number; to: number; count: number }

/** Buckets with both ends, within what was really there: writers of event files let the outermost reach to infinity. */
export function buckets({ minimum, maximum, limits, counts }: Histogram): Bucket[] {
  const finite = (value: number | null | undefined): value is number => typeof value === 'number' && Number.isFinite(value);
  const [least, most] = [finite(minimum) ? minimum : -Infinity, finite(maximum) ? maximum : Infinity];
  const out: Bucket[] = [];
  let from = least;
  for (let n = 0; n < limits.length; ++n) {
    const limit = finite(limits[n]) ? limits[n]! : most;
    const to = Math.min(limit, most);
    const start = Math.max(from, least);
    const count = counts[n] ?? 0;
    if (count > 0 && finite(start) && finite(to) && to >= start) out.push({ from: start, to, count });
    from = limit;
  }
  return out;
}

export interface Range { low: number; high: number }

/** What the buckets of all histograms lie in; never empty. */
export function rangeOf(histograms: readonly Histogram[]): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const histogram of histograms) for (const { from, to } of buckets(histogram)) { low = Math.min(low, from); high = Math.max(high, to); }
  if (low > high) return { low: 0, high: 1 };
  return low < high ? { low, high } : { low: low - 0.5, high: high + 0.5 };
}

/** The share of all values in each of `bins` equal parts of a range; a bucket is spread evenly over what it covers. */
export function shares(histogram: Histogram, { low, high }: Range, bins: number): Float64Array {
  const out = new Float64Array(bins);
  const all = buckets(histogram);
  const total = all.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return out;
  const place = (value: number) => ((value - low) / (high - low)) * bins;
  for (const { from, to, count } of all) {
    const [a, b] = [place(from), place(to)];
    if (b - a < 1e-9) {
      out[Math.min(bins - 1, Math.max(0, Math.floor(a)))]! += count / total;
      continue;
    }
    for (let bin = Math.max(0, Math.floor(a)); bin < Math.min(bins, b); ++bin) {
      out[bin]! += (count / total) * Math.max(0, Math.min(bin + 1, b) - Math.max(bin, a)) / (b - a);
    }
  }
  return out;
}

/** Mean of all values, as the histogram tells it. */
export const meanOf = ({ sum, count }: Histogram): number | null => (sum !== null && count !== null && count > 0 ? sum / count : null);

/** Columns of a picture of at most `most` columns: the means of as many neighbouring histograms as fall into one. */
export function columnsOf(histograms: readonly Histogram[], range: Range, bins: number, most: number): Float64Array[] {
  const count = Math.min(most, histograms.length);
  return Array.from({ length: count }, (_, column) => {
    const [first, end] = [Math.floor((column * histograms.length) / count), Math.floor(((column + 1) * histograms.length) / count)];
    const out = new Float64Array(bins);
    for (let n = first; n < end; ++n) shares(histograms[n]!, range, bins).forEach((share, bin) => { out[bin]! += share / (end - first); });
    return out;
  });
}
