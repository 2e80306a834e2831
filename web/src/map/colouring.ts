/** Colours of the points, from what they are coloured by. */
import { computed } from '@preact/signals';
import { categories, indices, ramp, spanOf, unlabelled, type Span } from '../shared/colour.ts';
import type { Rgb } from '../shared/rgb.ts';
import { dark } from '../shared/theme.ts';
import { colourBy, colourValues, positions, regions } from './session.ts';

export interface Colouring {
  points: Uint8Array<ArrayBuffer>; // one index into `ramp` per point
  ramp: readonly Rgb[];
  span: Span | null; // of a continuous scale
  names: { name: string; colour: Rgb; count: number }[] | null; // of categories
}

export const colouring = computed<Colouring>(() => {
  const count = (positions.value?.length ?? 0) >> 1;
  const by = colourBy.value;
  if (by?.kind === 'regions') return categorical(regionOf(count), regions.value.map(({ name }) => name));
  const values = colourValues.value;
  if (by && values && values.length === count) {
    if (by.column.kind === 'label' || by.column.categories?.length) {
      const most = values.reduce((a, b) => Math.max(a, b), -1);
      return categorical(values, by.column.categories?.length ? by.column.categories : Array.from({ length: most + 1 }, (_, n) => `class ${n}`));
    }
    const span = spanOf(values);
    return { points: indices(values, span), ramp: ramp(dark.value), span, names: null };
  }
  return { points: new Uint8Array(count).fill(128), ramp: ramp(dark.value), span: null, names: null };
});

/** The region each point is in, the first that has it; -1: none. */
function regionOf(count: number): Float32Array {
  const out = new Float32Array(count).fill(-1);
  for (let n = regions.value.length - 1; n >= 0; --n) for (const point of regions.value[n]!.points) out[point] = n;
  return out;
}

/** Classes as colours; what is below 0 or not a number has no label. */
function categorical(values: Float32Array, names: readonly string[]): Colouring {
  const colours = names.map((_, n) => categories[n % categories.length]!);
  const points = new Uint8Array(values.length);
  const counts = new Array<number>(names.length + 1).fill(0);
  values.forEach((value, n) => {
    const index = value >= 0 && value < names.length ? Math.round(value) : names.length;
    points[n] = index;
    ++counts[index]!;
  });
  const all = [...names.map((name, n) => ({ name, colour: colours[n]!, count: counts[n]! })), { name: 'no label', colour: unlabelled, count: counts[names.length]! }];
  return { points, ramp: [...colours, unlabelled], span: null, names: all.filter((each) => each.count > 0) };
}
