/**
 * A canvas whose WebGL context is made before there is a map to draw. Making one takes the browser long, the first of a
 * page up to a second where the graphics card is software: time in which the server reads the map.
 */
let prepared: HTMLCanvasElement | null = null;

export function prepareCanvas(): void {
  if (prepared || new URLSearchParams(location.search).has('canvas')) return;
  prepared = document.createElement('canvas');
  prepared.setAttribute('aria-hidden', 'true');
  contextOf(prepared);
}

/** The context that maps are drawn with; null where there is no WebGL 2. */
export const contextOf = (canvas: HTMLCanvasElement): WebGL2RenderingContext | null =>
  canvas.getContext('webgl2', { alpha: true, antialias: false, depth: false, premultipliedAlpha: true });

/** Puts the prepared canvas, if there is one, in the place of another; returns the one that is there then. */
export function takePrepared(instead: HTMLCanvasElement): HTMLCanvasElement {
  const canvas = prepared;
  prepared = null;
  if (!canvas) return instead;
  instead.replaceWith(canvas);
  return canvas;
}
