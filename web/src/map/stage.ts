/**
 * The map's two canvases: points below (WebGL, or cells where there is none), everything else above. Draws when asked,
 * at most once a frame. Says what happened as `status`: 'webgl', 'lost' (the card took the context away; cells until it
 * comes back) or 'canvas'.
 */
import { flat } from '../shared/flat.ts';
import type { Rgb } from '../shared/rgb.ts';
import { accumulate, paint } from './density.ts';
import { GlPoints } from './gl_points.ts';
import { drawOverlay, type OverlayColours, type OverlayState } from './overlay.ts';
import { boundsOf, toPosition, toScreen, wholeMap, type Bounds, type Size, type View } from './view.ts';

export type Status = 'webgl' | 'lost' | 'canvas';

export interface Look { ramp: readonly Rgb[]; off: Rgb; overlay: OverlayColours }

const moveMilliseconds = 500; // from one projection to the next
const cellPixels = (points: number): number => (points < 5000 ? 3 : 2); // CSS pixels per cell

export class Stage {
  size: Size = { width: 1, height: 1 };
  bounds: Bounds = boundsOf(new Float32Array(0));
  view: View = wholeMap(this.bounds);
  status: Status = 'canvas';
  onStatus: (status: Status) => void = () => {};

  #points: GlPoints | null = null;
  #positions = new Float32Array(0);
  #from = new Float32Array(0);
  #moveBegan = -Infinity;
  #colours = new Uint8Array(0);
  #on: Uint8Array<ArrayBuffer> | null = null;
  #look: Look | null = null;
  #state: OverlayState | null = null;
  #frame = 0;
  #pointsStale = true;
  readonly #flat: HTMLCanvasElement;
  readonly #observer: ResizeObserver;

  /** @param cells is shown instead of `gl` where there is no WebGL: a canvas keeps the kind of its first context. */
  constructor(private readonly gl: HTMLCanvasElement, cells: HTMLCanvasElement, private readonly over: HTMLCanvasElement, useWebGl = true) {
    this.#flat = cells;
    if (useWebGl) this.#open();
    else this.#settle('canvas');
    gl.addEventListener('webglcontextlost', (event) => {
      event.preventDefault(); // so that the browser tries to bring it back
      this.#points = null;
      this.#settle('lost');
    });
    gl.addEventListener('webglcontextrestored', () => this.#open());
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(over);
    this.#resize();
  }

  close(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  setPositions(positions: Float32Array<ArrayBuffer>, bounds: Bounds): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const moves = positions.length === this.#positions.length && positions.length > 0 && positions !== this.#positions && !still;
    // The old places, in the coordinates of the new window: what was on the left edge starts from the left edge.
    const [sx, sy] = [(bounds.right - bounds.left) / (this.bounds.right - this.bounds.left), (bounds.top - bounds.bottom) / (this.bounds.top - this.bounds.bottom)];
    this.#from = moves ? this.#positions.map((value, n) => (n & 1
      ? bounds.bottom + (value - this.bounds.bottom) * sy : bounds.left + (value - this.bounds.left) * sx)) : positions;
    this.#moveBegan = moves ? performance.now() : -Infinity;
    this.#positions = positions;
    this.bounds = bounds;
    this.#points?.setPositions(this.#from, positions);
    this.redraw(true);
  }

  setColours(colours: Uint8Array<ArrayBuffer>): void {
    this.#colours = colours;
    this.#points?.setColours(colours);
    this.redraw(true);
  }

  /** Which points are in full colour; null: all. */
  setOn(on: Uint8Array<ArrayBuffer> | null): void {
    this.#on = on;
    this.#points?.setOn(on ?? new Uint8Array(this.#positions.length >> 1).fill(1));
    this.redraw(true);
  }

  setLook(look: Look): void {
    this.#look = look;
    this.#points?.setRamp(look.ramp);
    this.redraw(true);
  }

  setView(view: View): void {
    this.view = view;
    this.redraw(true);
  }

  setOverlay(state: OverlayState): void {
    this.#state = state;
    this.redraw(false);
  }

  screen = (x: number, y: number): [number, number] => toScreen(this.bounds, this.view, this.size, x, y);
  position = (px: number, py: number): [number, number] => toPosition(this.bounds, this.view, this.size, px, py);

  redraw(points: boolean): void {
    this.#pointsStale ||= points;
    this.#frame ||= requestAnimationFrame(() => { this.#frame = 0; this.drawNow(); });
  }

  /** One frame, now. */
  drawNow(): void {
    if (!this.#look) return;
    const mix = Math.min(1, (performance.now() - this.#moveBegan) / moveMilliseconds);
    if (this.#pointsStale || mix < 1) {
      this.#pointsStale = mix < 1;
      const eased = mix * mix * (3 - 2 * mix);
      if (this.#points) this.#points.draw(this.bounds, this.view, this.size, this.#ratio(), this.#look.off, eased);
      else this.#drawCells();
    }
    const g = flat(this.over);
    g.setTransform(this.#ratio(), 0, 0, this.#ratio(), 0, 0);
    g.clearRect(0, 0, this.size.width, this.size.height);
    if (this.#state) drawOverlay(g, this.#state, this.screen, this.#look.overlay);
    if (mix < 1) this.redraw(true);
  }

  #open(): void {
    try {
      this.#points = new GlPoints(this.gl);
      this.#points.setPositions(this.#positions, this.#positions);
      this.#points.setColours(this.#colours);
      this.setOn(this.#on);
      if (this.#look) this.#points.setRamp(this.#look.ramp);
      this.#settle('webgl');
    } catch {
      this.#points = null;
      this.#settle('canvas');
    }
  }

  #settle(status: Status): void {
    this.status = status;
    this.gl.hidden = status !== 'webgl';
    this.#flat.hidden = status === 'webgl';
    this.#resize();
    this.onStatus(status);
  }

  #ratio = (): number => Math.min(2, window.devicePixelRatio || 1);

  #resize(): void {
    const { width, height } = this.over.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    this.size = { width, height };
    const ratio = this.#ratio();
    for (const canvas of [this.gl, this.over]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.redraw(true);
  }

  #drawCells(): void {
    const count = this.#positions.length >> 1;
    const cell = cellPixels(count);
    const [width, height] = [Math.ceil(this.size.width / cell), Math.ceil(this.size.height / cell)];
    this.#flat.width = width;
    this.#flat.height = height;
    const grid = accumulate(count, width, height, (n) => {
      const [x, y] = this.screen(this.#positions[2 * n]!, this.#positions[2 * n + 1]!);
      return [x / cell, y / cell];
    }, this.#colours, this.#on);
    flat(this.#flat).putImageData(paint(grid, this.#look!.ramp, this.#look!.off), 0, 0);
  }
}
