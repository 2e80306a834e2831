/** Red, green, blue, 0 ... 255. */
export type Rgb = readonly [number, number, number];
