/** The convex hull of some points, counter-clockwise, x, y, x, y, ... Andrew's monotone chain, 1979. */
export function hull(points: readonly number[], positions: ArrayLike<number>): number[] {
  const sorted = points.map((point) => [positions[2 * point]!, positions[2 * point + 1]!] as const)
    .filter(([x, y]) => Number.isFinite(x + y))
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (sorted.length < 3) return sorted.flat();
  const half = (list: readonly (readonly [number, number])[]) => {
    const out: (readonly [number, number])[] = [];
    for (const p of list) {
      while (out.length >= 2) {
        const [a, b] = [out[out.length - 2]!, out[out.length - 1]!];
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        out.pop();
      }
      out.push(p);
    }
    out.pop();
    return out;
  };
  return [...half(sorted), ...half([...sorted].reverse())].flat();
}
