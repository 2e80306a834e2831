/** What lies over the points: regions, favourites, the path of a match, the reference, neighbours, the cursor, a lasso. */
import type { Favourite, Region } from '../shared/api_types.ts';
import { categories, css } from '../shared/colour.ts';
import { hull } from './hull.ts';
import { middle } from './lasso.ts';
import type { PathPoint, Place } from './session.ts';

export interface OverlayState {
  positions: Float32Array | null;
  regions: readonly Region[];
  favourites: readonly Favourite[];
  projection: string;
  path: readonly PathPoint[];
  reference: Place | null;
  cursor: Place | null;
  neighbours: readonly { point: number; weight: number }[];
  lasso: readonly number[]; // pixels
  marks?: readonly { place: Place; letter: string }[]; // lettered places: the expert test's A, B and C
}

export interface OverlayColours { text: string; ground: string; accent: string; reference: string; soft: string }

type ToScreen = (x: number, y: number) => [number, number];

export function drawOverlay(g: CanvasRenderingContext2D, state: OverlayState, screen: ToScreen, colours: OverlayColours): void {
  g.font = '600 12px system-ui, sans-serif';
  g.lineJoin = g.lineCap = 'round';
  if (state.positions) {
    state.regions.forEach((region, index) => drawRegion(g, region, index, state.positions!, screen, colours));
  }
  drawPath(g, state.path, screen, colours);
  if (state.cursor && state.positions) drawNeighbours(g, state, screen, colours);
  for (const { name, x, y, projection } of state.favourites) {
    if (x !== null && y !== null && projection === state.projection) drawPin(g, screen(x, y), name, colours);
  }
  if (state.reference) drawDiamond(g, screen(state.reference.x, state.reference.y), colours);
  for (const { place, letter } of state.marks ?? []) drawLetter(g, screen(place.x, place.y), letter, colours);
  if (state.cursor) drawCursor(g, screen(state.cursor.x, state.cursor.y), colours);
  if (state.lasso.length > 2) drawLasso(g, state.lasso, colours);
}

function polyline(g: CanvasRenderingContext2D, points: readonly number[], close: boolean): void {
  g.beginPath();
  for (let n = 0; n + 1 < points.length; n += 2) g.lineTo(points[n]!, points[n + 1]!);
  if (close) g.closePath();
}

function label(g: CanvasRenderingContext2D, text: string, x: number, y: number, colours: OverlayColours): void {
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  g.lineWidth = 4;
  g.strokeStyle = colours.ground;
  g.strokeText(text, x, y);
  g.fillStyle = colours.text;
  g.fillText(text, x, y);
}

function drawRegion(g: CanvasRenderingContext2D, region: Region, index: number, positions: Float32Array, screen: ToScreen, colours: OverlayColours): void {
  const colour = categories[index % categories.length]!;
  const outline: number[] = [];
  const around = hull(region.points, positions);
  for (let n = 0; n < around.length; n += 2) outline.push(...screen(around[n]!, around[n + 1]!));
  polyline(g, outline, true);
  g.fillStyle = css(colour, 0.1);
  g.fill();
  g.lineWidth = 1.5;
  g.setLineDash([5, 4]);
  g.strokeStyle = css(colour, 0.9);
  g.stroke();
  g.setLineDash([]);
  const [x, y] = screen(...middle(region.points, positions));
  label(g, region.name, x, y, colours);
}

function drawPath(g: CanvasRenderingContext2D, path: readonly PathPoint[], screen: ToScreen, colours: OverlayColours): void {
  if (path.length === 0) return;
  const points = path.map(({ x, y }) => screen(x, y));
  for (const [width, colour] of [[5, colours.ground], [2, colours.reference]] as const) {
    polyline(g, points.flat(), false);
    g.lineWidth = width;
    g.strokeStyle = colour;
    g.stroke();
  }
  points.forEach(([x, y], n) => {
    const last = n === points.length - 1;
    g.beginPath();
    g.arc(x, y, last ? 5 : 2.5, 0, 7);
    g.fillStyle = last ? colours.reference : colours.ground;
    g.fill();
    g.lineWidth = 1.5;
    g.strokeStyle = last ? colours.ground : colours.reference;
    g.stroke();
  });
}

function drawNeighbours(g: CanvasRenderingContext2D, { cursor, neighbours, positions }: OverlayState, screen: ToScreen, colours: OverlayColours): void {
  const [cx, cy] = screen(cursor!.x, cursor!.y);
  for (const { point, weight } of neighbours) {
    const [x, y] = screen(positions![2 * point]!, positions![2 * point + 1]!);
    g.globalAlpha = Math.min(0.9, 0.15 + weight);
    g.strokeStyle = colours.text;
    g.lineWidth = 1;
    g.beginPath();
    g.moveTo(cx, cy);
    g.lineTo(x, y);
    g.stroke();
    g.beginPath();
    g.arc(x, y, 4.5, 0, 7);
    g.stroke();
  }
  g.globalAlpha = 1;
}

function drawPin(g: CanvasRenderingContext2D, [x, y]: [number, number], name: string, colours: OverlayColours): void {
  g.beginPath();
  g.moveTo(x, y);
  g.bezierCurveTo(x - 3, y - 6, x - 8, y - 9, x - 8, y - 15);
  g.arc(x, y - 15, 8, Math.PI, 0);
  g.bezierCurveTo(x + 8, y - 9, x + 3, y - 6, x, y);
  g.fillStyle = colours.accent;
  g.fill();
  g.lineWidth = 1.5;
  g.strokeStyle = colours.ground;
  g.stroke();
  g.beginPath();
  g.arc(x, y - 15, 3, 0, 7);
  g.fillStyle = colours.ground;
  g.fill();
  label(g, name, x, y - 33, colours);
}

function drawDiamond(g: CanvasRenderingContext2D, [x, y]: [number, number], colours: OverlayColours): void {
  polyline(g, [x, y - 9, x + 9, y, x, y + 9, x - 9, y], true);
  g.fillStyle = colours.reference;
  g.fill();
  g.lineWidth = 2;
  g.strokeStyle = colours.ground;
  g.stroke();
  label(g, 'reference', x, y + 19, colours);
}

function drawLetter(g: CanvasRenderingContext2D, [x, y]: [number, number], letter: string, colours: OverlayColours): void {
  g.beginPath();
  g.arc(x, y, 13, 0, 7);
  g.fillStyle = colours.accent;
  g.fill();
  g.lineWidth = 2;
  g.strokeStyle = colours.ground;
  g.stroke();
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  g.fillStyle = colours.ground;
  g.fillText(letter, x, y + 0.5);
}

function drawCursor(g: CanvasRenderingContext2D, [x, y]: [number, number], colours: OverlayColours): void {
  for (const [width, colour] of [[5, colours.ground], [2.5, colours.text]] as const) {
    g.lineWidth = width;
    g.strokeStyle = colour;
    g.beginPath();
    g.arc(x, y, 11, 0, 7);
    g.stroke();
    g.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      g.moveTo(x + 11 * dx, y + 11 * dy);
      g.lineTo(x + 18 * dx, y + 18 * dy);
    }
    g.stroke();
  }
  g.beginPath();
  g.arc(x, y, 3, 0, 7);
  g.fillStyle = colours.accent;
  g.fill();
}

function drawLasso(g: CanvasRenderingContext2D, outline: readonly number[], colours: OverlayColours): void {
  polyline(g, outline, true);
  g.globalAlpha = 0.12;
  g.fillStyle = colours.accent;
  g.fill();
  g.globalAlpha = 1;
  g.lineWidth = 2;
  g.strokeStyle = colours.accent;
  g.setLineDash([6, 4]);
  g.stroke();
  g.setLineDash([]);
}
