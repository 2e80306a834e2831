/**
 * A canvas to draw on in memory. Chromium draws others on the graphics card and then lets the page wait until the card is
 * done, hundreds of milliseconds where the card is software: long enough to keep a sound from being played. What pages
 * draw here is small or changes seldom.
 */
export const flat = (canvas: HTMLCanvasElement): CanvasRenderingContext2D => canvas.getContext('2d', { willReadFrequently: true })!;
