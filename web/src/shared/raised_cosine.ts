/** Raised cosine fades: what switching and loop ends use. BS.1534-3 asks for 5 ms of them. */

export const fadeSeconds = 0.005;

/** Rises from exactly 0 to exactly 1 in `frames` steps: frames + 1 values, (1 - cos(πn/frames)) / 2. */
export function fadeIn(frames: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: frames + 1 }, (_, n) => 0.5 - 0.5 * Math.cos((Math.PI * n) / frames));
}

/** fadeIn backwards; the two add up to 1. */
export function fadeOut(frames: number): Float32Array<ArrayBuffer> {
  return fadeIn(frames).reverse();
}

/** Fades both ends of a channel in place, so that it can be looped without a click. */
export function fadeEnds(channel: Float32Array, rate: number): void {
  const frames = Math.min(Math.round(fadeSeconds * rate), channel.length >> 1);
  if (frames === 0) return;
  const rise = fadeIn(frames);
  const last = channel.length - 1;
  for (let n = 0; n < frames; ++n) {
    channel[n]! *= rise[n]!;
    channel[last - n]! *= rise[n]!;
  }
}
