/**
 * Points as a picture of cells, each with how many fell in and their mean colour: how the map is drawn where there is
 * no WebGL, and the pair plots always.
 */
export interface Grid { columns: number; rows: number; counts: Uint32Array; sums: Float32Array; on: Uint32Array }

/** @param at gives a point's cell coordinates, fractions of a cell allowed; outside the grid it is left out. */
export function accumulate(count: number, columns: number, rows: number, at: (point: number) => readonly [number, number],
  colours: ArrayLike<number> | null, on: ArrayLike<number> | null): Grid {
  const grid: Grid = { columns, rows, counts: new Uint32Array(columns * rows), sums: new Float32Array(columns * rows), on: new Uint32Array(columns * rows) };
  for (let n = 0; n < count; ++n) {
    const [fx, fy] = at(n);
    const x = Math.floor(fx);
    const y = Math.floor(fy);
    if (!(x >= 0 && y >= 0 && x < columns && y < rows)) continue;
    const cell = y * columns + x;
    ++grid.counts[cell]!;
    if (on === null || on[n]) {
      ++grid.on[cell]!;
      grid.sums[cell]! += colours ? colours[n]! : 255;
    }
  }
  return grid;
}

/** The cells as pixels: colour is the mean of those that are on, opacity grows with the logarithm of their number. */
export function paint(grid: Grid, ramp: readonly (readonly number[])[], off: readonly number[], strength = 0.55): ImageData {
  const image = new ImageData(grid.columns, grid.rows);
  let most = 1;
  for (const count of grid.counts) most = Math.max(most, count);
  const opacity = (count: number) => Math.round(255 * Math.min(1, strength + (1 - strength) * (Math.log1p(count) / Math.log1p(most))));
  for (let cell = 0; cell < grid.counts.length; ++cell) {
    if (grid.counts[cell] === 0) continue;
    const lit = grid.on[cell]!;
    const rgb = lit ? ramp[Math.min(ramp.length - 1, Math.round(grid.sums[cell]! / lit))]! : off;
    image.data.set([...rgb, lit ? opacity(lit) : 70], 4 * cell);
  }
  return image;
}
