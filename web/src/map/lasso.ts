/** Which points lie inside a drawn outline: even-odd rule, outline closed by itself. Both are x, y, x, y, ... */

export function inside(outline: ArrayLike<number>, x: number, y: number): boolean {
  let within = false;
  const count = outline.length >> 1;
  for (let i = 0, j = count - 1; i < count; j = i++) {
    const [xi, yi, xj, yj] = [outline[2 * i]!, outline[2 * i + 1]!, outline[2 * j]!, outline[2 * j + 1]!];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

export function pointsInside(outline: ArrayLike<number>, positions: Float32Array): number[] {
  const out: number[] = [];
  for (let n = 0; 2 * n + 1 < positions.length; ++n) if (inside(outline, positions[2 * n]!, positions[2 * n + 1]!)) out.push(n);
  return out;
}

/** The middle of some points. */
export function middle(points: readonly number[], positions: Float32Array): [number, number] {
  let [x, y] = [0, 0];
  for (const point of points) {
    x += positions[2 * point]!;
    y += positions[2 * point + 1]!;
  }
  return [x / Math.max(1, points.length), y / Math.max(1, points.length)];
}
