import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWav, peaks } from '../../src/shared/wav.ts';

function wav(format: number, bits: number, channels: number, data: Uint8Array, extra: [string, number][] = []): ArrayBuffer {
  const chunks: Uint8Array[] = [];
  const chunk = (name: string, body: Uint8Array) => {
    const head = new Uint8Array(8);
    head.set([...name].map((c) => c.charCodeAt(0)));
    new DataView(head.buffer).setUint32(4, body.length, true);
    chunks.push(head, body, new Uint8Array(body.length & 1));
  };
  const fmt = new DataView(new ArrayBuffer(16));
  fmt.setUint16(0, format, true);
  fmt.setUint16(2, channels, true);
  fmt.setUint32(4, 44100, true);
  fmt.setUint32(8, 44100 * channels * bits / 8, true);
  fmt.setUint16(12, channels * bits / 8, true);
  fmt.setUint16(14, bits, true);
  for (const [name, size] of extra) chunk(name, new Uint8Array(size));
  chunk('fmt ', new Uint8Array(fmt.buffer));
  chunk('data', data);
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  const head = Buffer.alloc(8);
  head.write('RIFF');
  head.writeUInt32LE(body.length, 4);
  const whole = Buffer.concat([head, body]);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length) as ArrayBuffer;
}

test('float samples come back bit by bit, channel by channel', () => {
  const samples = new Float32Array([0.1, -1, 0.2, 0.5, 1e-9, 3]);
  const { rate, channels } = parseWav(wav(3, 32, 2, new Uint8Array(samples.buffer)));
  assert.equal(rate, 44100);
  assert.deepEqual(channels, [new Float32Array([0.1, 0.2, 1e-9]), new Float32Array([-1, 0.5, 3])]);
});

test('chunks that are not known, odd sizes too, are passed over', () => {
  const samples = new Float32Array([0.25, -0.25]);
  assert.deepEqual(parseWav(wav(3, 32, 1, new Uint8Array(samples.buffer), [['LIST', 7], ['fact', 4]])).channels, [samples]);
});

test('16 bits are read as fractions of full scale', () => {
  assert.deepEqual(parseWav(wav(1, 16, 1, new Uint8Array(new Int16Array([-32768, 16384]).buffer))).channels[0], new Float32Array([-1, 0.5]));
});

test('what is not a WAV file, or not of a known format, is refused in words', () => {
  assert.throws(() => parseWav(new ArrayBuffer(4)), /not a WAV file/);
  assert.throws(() => parseWav(new TextEncoder().encode('<!doctype html><p>').buffer as ArrayBuffer), /not a WAV file/);
  assert.throws(() => parseWav(wav(1, 24, 1, new Uint8Array(6))), /format 1 of 24 bits/);
});

test('a file cut off in the middle gives the frames that are there', () => {
  const whole = wav(3, 32, 1, new Uint8Array(new Float32Array(100).fill(0.5).buffer));
  assert.equal(parseWav(whole.slice(0, -40)).channels[0]!.length, 90);
});

test('peaks are the largest magnitudes of each part', () => {
  assert.deepEqual(peaks([new Float32Array([0.1, -0.9, 0.2, 0.25])], 2), new Float32Array([0.9, 0.25]));
});
