/**
 * The window on a map: which part of it is on the screen. Positions are the projection's own numbers; the window is
 * square-true (one unit is as wide as it is high) and y points up.
 */
export interface Bounds { left: number; right: number; bottom: number; top: number }
export interface View { x: number; y: number; zoom: number } // centre in positions; zoom 1 shows everything
export interface Size { width: number; height: number } // CSS pixels

export const wholeMap = (bounds: Bounds): View => ({ x: (bounds.left + bounds.right) / 2, y: (bounds.bottom + bounds.top) / 2, zoom: 1 });

/** The smallest box around all points; never empty. */
export function boundsOf(positions: Float32Array): Bounds {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let n = 0; n + 1 < positions.length; n += 2) {
    const x = positions[n]!;
    const y = positions[n + 1]!;
    if (!Number.isFinite(x + y)) continue;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  }
  if (!(right > left)) [left, right] = [Number.isFinite(left) ? left - 1 : -1, Number.isFinite(left) ? left + 1 : 1];
  if (!(top > bottom)) [bottom, top] = [Number.isFinite(bottom) ? bottom - 1 : -1, Number.isFinite(bottom) ? bottom + 1 : 1];
  return { left, right, bottom, top };
}

const margin = 0.9; // of the canvas is filled by the whole map
const beside = 60; // pixels left and right that it leaves to the tools, where it is wide enough: points under them cannot be reached

/** Pixels per unit of position. */
export function scaleOf(bounds: Bounds, view: View, size: Size): number {
  const width = Math.min(margin * size.width, Math.max(0.7 * size.width, size.width - 2 * beside));
  const fit = Math.min(width / (bounds.right - bounds.left), (margin * size.height) / (bounds.top - bounds.bottom));
  return Math.max(1e-9, fit * view.zoom);
}

export function toScreen(bounds: Bounds, view: View, size: Size, x: number, y: number): [number, number] {
  const scale = scaleOf(bounds, view, size);
  return [size.width / 2 + (x - view.x) * scale, size.height / 2 - (y - view.y) * scale];
}

export function toPosition(bounds: Bounds, view: View, size: Size, px: number, py: number): [number, number] {
  const scale = scaleOf(bounds, view, size);
  return [view.x + (px - size.width / 2) / scale, view.y - (py - size.height / 2) / scale];
}

/** Zooms by a factor around a pixel, which stays where it is. */
export function zoomAround(bounds: Bounds, view: View, size: Size, px: number, py: number, factor: number): View {
  const zoom = Math.max(0.5, Math.min(200, view.zoom * factor));
  const [x, y] = toPosition(bounds, view, size, px, py);
  const ratio = view.zoom / zoom;
  return { x: x + (view.x - x) * ratio, y: y + (view.y - y) * ratio, zoom };
}

export function panBy(bounds: Bounds, view: View, size: Size, dx: number, dy: number): View {
  const scale = scaleOf(bounds, view, size);
  return { ...view, x: view.x - dx / scale, y: view.y + dy / scale };
}
