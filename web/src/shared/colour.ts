/**
 * Colours for data that stay apart for colour-blind eyes, on dark and on light ground.
 *
 * Continuous: lightness changes steadily from one end to the other and the hue goes from blue to yellow, the axis that
 * the common forms of colour blindness keep (as cividis does: Nuñez, Anderton, Renslow, 2018). Categories: the
 * seven of Okabe and Ito, 2008, that can be seen on both grounds.
 */
import type { Rgb } from './rgb.ts';

const onDark: Rgb[] = [[62, 92, 180], [78, 116, 178], [106, 139, 168], [142, 160, 152], [182, 182, 130], [220, 206, 106], [255, 233, 92]];
const onLight: Rgb[] = [[14, 32, 92], [26, 62, 122], [56, 90, 128], [88, 112, 120], [122, 132, 102], [158, 152, 74], [196, 174, 36]];

export const categories: Rgb[] = [
  [86, 180, 233], [230, 159, 0], [0, 158, 115], [240, 228, 66], [0, 114, 178], [213, 94, 0], [204, 121, 167],
];
/** What has no label. */
export const unlabelled: Rgb = [128, 132, 140];

/** 256 colours from low to high. */
export function ramp(dark: boolean): Rgb[] {
  const anchors = dark ? onDark : onLight;
  return Array.from({ length: 256 }, (_, index) => {
    const at = (index / 255) * (anchors.length - 1);
    const low = Math.min(anchors.length - 2, Math.floor(at));
    const mix = at - low;
    return [0, 1, 2].map((c) => Math.round(anchors[low]![c]! * (1 - mix) + anchors[low + 1]![c]! * mix)) as unknown as Rgb;
  });
}

export const css = ([red, green, blue]: Rgb, alpha = 1): string =>
  alpha === 1 ? `rgb(${red} ${green} ${blue})` : `rgb(${red} ${green} ${blue} / ${alpha})`;

export interface Span { low: number; high: number }

/** The span a scale covers: the 1st to the 99th percentile of what is finite, so that one stray value does not grey out the rest. */
export function spanOf(values: Float32Array): Span {
  const finite = values.filter(Number.isFinite).sort();
  if (finite.length === 0) return { low: 0, high: 1 };
  const at = (share: number) => finite[Math.round(share * (finite.length - 1))]!;
  let [low, high] = [at(0.01), at(0.99)];
  if (high <= low) [low, high] = [finite[0]!, finite[finite.length - 1]!];
  return high > low ? { low, high } : { low: low - 0.5, high: high + 0.5 };
}

/** One colour index per value, 0 ... 255 over the span; what is not a number gets 0. */
export function indices(values: Float32Array, { low, high }: Span): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(values.length);
  const factor = 255 / (high - low);
  for (let n = 0; n < values.length; ++n) {
    const value = (values[n]! - low) * factor;
    out[n] = value > 0 ? Math.min(255, Math.round(value)) : 0;
  }
  return out;
}
