/** Writes TensorBoard event files, as any trainer might: scalars, WAV, PNG, histograms, texts. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { tone } from './study_folder.ts';

/** The reflected CRC of 32 bits with a polynomial: Castagnoli's for records, the usual one for PNG. */
function crc(bytes: Uint8Array, polynomial: number): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let k = 0; k < 8; ++k) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  }
  return ~value >>> 0;
}

/** CRC-32C, rotated and offset as records have it. */
function masked(bytes: Uint8Array): number {
  const value = crc(bytes, 0x82f63b78);
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}

function varint(value: number): Buffer {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) { out.push(rest); break; }
    out.push((rest % 128) | 128);
  }
  return Buffer.from(out);
}
const bytes = (field: number, data: Uint8Array | string) => Buffer.concat([varint(8 * field + 2), varint(Buffer.from(data).length), Buffer.from(data)]);
const whole = (field: number, value: number) => Buffer.concat([varint(8 * field), varint(value)]);
const float = (field: number, value: number) => { const out = Buffer.alloc(5); out[0] = 8 * field + 5; out.writeFloatLE(value, 1); return out; };
const double = (field: number, value: number) => { const out = Buffer.alloc(9); out[0] = 8 * field + 1; out.writeDoubleLE(value, 1); return out; };

function record(data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(masked(head.subarray(0, 8)), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(masked(data));
  return Buffer.concat([head, data, foot]);
}

const event = (step: number, value: Buffer) => record(Buffer.concat([double(1, 1.7e9 + step), whole(2, step), bytes(5, bytes(1, value))]));
export const scalar = (tag: string, step: number, value: number): Buffer => event(step, Buffer.concat([bytes(1, tag), float(2, value)]));
export const sound = (tag: string, step: number, wav: Buffer): Buffer => event(step, Buffer.concat([bytes(1, tag),
  bytes(6, Buffer.concat([float(1, 48000), whole(2, 1), whole(3, (wav.length - 44) / 2), bytes(4, wav), bytes(5, 'audio/wav')]))]));
export const image = (tag: string, step: number, width: number, height: number, grey: (x: number, y: number) => number): Buffer => {
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; ++y) for (let x = 0; x < width; ++x) rows[y * (width + 1) + 1 + x] = grey(x, y);
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc(body, 0xedb88320));
    return Buffer.concat([size, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const png = Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
  return event(step, Buffer.concat([bytes(1, tag), bytes(4, Buffer.concat([whole(1, height), whole(2, width), whole(3, 1), bytes(4, png)]))]));
};

/** Values of a normal distribution as TensorBoard's writers put them: 20 buckets, the outermost without an end. */
export const histogram = (tag: string, step: number, mean: number, spread: number): Buffer => {
  const limits = Array.from({ length: 19 }, (_, n) => mean + spread * (n - 9) / 3).concat(Number.MAX_VALUE);
  const counts = Array.from({ length: 20 }, (_, n) => Math.round(1000 * Math.exp(-0.5 * ((n - 9.5) / 3) ** 2)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const doubles = (field: number, values: number[]) => { const out = Buffer.alloc(8 * values.length); values.forEach((value, n) => out.writeDoubleLE(value, 8 * n)); return bytes(field, out); };
  return event(step, Buffer.concat([bytes(1, tag), bytes(5, Buffer.concat([double(1, mean - 4 * spread), double(2, mean + 4 * spread), double(3, total), double(4, total * mean), double(5, 0), doubles(6, limits), doubles(7, counts)]))]));
};
export const text = (tag: string, step: number, words: string): Buffer => event(step, Buffer.concat([bytes(1, tag),
  bytes(8, Buffer.concat([whole(1, 7), bytes(8, words)])), bytes(9, bytes(1, bytes(1, 'text')))]));

export const header = (): Buffer => record(Buffer.concat([double(1, 1.7e9), bytes(3, 'brain.Event:2')]));
export const eventFile = (folder: string): string => join(folder, 'events.out.tfevents.1700000000.test');

/** A run of 400 steps with sounds, pictures, histograms and texts every 100. @param speed how fast the loss falls. */
export async function writeRun(folder: string, speed: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const parts = [header(), text('notes', 0, 'begun with <b>care</b>')];
  for (let n = 0; n < 400; ++n) {
    parts.push(scalar('train/loss', n, Math.exp(-speed * n) + 0.02 * Math.sin(n)), scalar('train/rate', n, 0.001 * (1 - n / 400)));
    if (n === 7) parts.push(scalar('train/loss', n, NaN));
    if (n % 100 === 0) {
      for (const [name, bright] of [['input', 0.3], ['target', 0.7], ['prediction', 0.3 + n / 1000]] as const) parts.push(sound(`validation/0/${name}`, n, tone(220, bright, 0.5)));
      parts.push(histogram('weights/decoder', n, n / 200, 1 + speed * n), text('notes', n + 1, `after ${n} steps`), image('spectrum/target', n, 64, 32, (x, y) => 4 * ((x + y) % 60)), image('spectrum/prediction', n, 64, 32, (x, y) => 4 * ((x + y + n / 100) % 60)));
    }
  }
  await writeFile(eventFile(folder), Buffer.concat(parts));
}
