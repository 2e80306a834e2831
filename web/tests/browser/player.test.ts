/** The player in a real browser, offline: what leaves the audio graph, sample by sample. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { start, open, type Running } from './harness.ts';

let running: Running;
let page: Page;
let code: string;

before(async () => {
  running = await start();
  page = await open(running);
  const bundle = await build({
    absWorkingDir: import.meta.root, bundle: true, write: false, format: 'iife', globalName: 'player', target: 'es2022',
    stdin: { contents: "export * from './src/shared/player.ts'; export * from './src/shared/raised_cosine.ts';", resolveDir: import.meta.root },
  });
  code = bundle.outputFiles[0]!.text;
});
after(() => running.close());

/** Constant 1 is switched to constant `next` at 0.1 s; the samples from 0.09 to 0.12 s. */
const switched = (switching: string, next: number) => page.evaluate(`(async () => {
  ${code}
  const rate = 48000, context = new OfflineAudioContext(1, rate, rate);
  const make = (value) => player.bufferOf(context, { rate, channels: [new Float32Array(rate * 2).fill(value)] });
  const p = new player.Player(context, ${JSON.stringify(switching)});
  p.play(make(1), 0);
  p.play(make(${next}), 0.1);
  const out = (await context.startRendering()).getChannelData(0);
  return Array.from(out.slice(4320, 5760));
})()`) as Promise<number[]>;

test('switching between equal sounds cannot be heard at all', async () => {
  for (const sample of await switched('cross', 1)) assert.ok(Math.abs(sample - 1) < 1e-6, String(sample));
});

test('a switch is 5 ms of raised cosine, exact to 3e-8 of full scale', async () => {
  const out = await switched('cross', 0);
  let worst = 0;
  for (let n = 0; n <= 240; ++n) worst = Math.max(worst, Math.abs(out[480 + n]! - (0.5 + 0.5 * Math.cos(Math.PI * n / 240))));
  assert.ok(worst <= 6e-8, `${worst}`);
  assert.ok(out.slice(0, 480).every((sample) => sample === 1) && out.slice(721).every((sample) => sample === 0));
});

test('with a gap the old sound ends before the new one begins', async () => {
  const out = await switched('gap', 1);
  assert.ok(Math.abs(out[480 + 240]!) < 1e-6, `${out[480 + 240]}`);
  for (let n = 0; n <= 240; ++n) {
    assert.ok(Math.abs(out[480 + n]! - (0.5 + 0.5 * Math.cos(Math.PI * n / 240))) < 1e-6);
    assert.ok(Math.abs(out[720 + n]! - (0.5 - 0.5 * Math.cos(Math.PI * n / 240))) < 1e-6);
  }
  assert.equal(out[480 + 481], 1);
});

test('another recording goes on at the same place', async () => {
  const worst = await page.evaluate(`(async () => {
    ${code}
    const rate = 48000, context = new OfflineAudioContext(1, rate, rate);
    const ramp = Float32Array.from({ length: rate }, (_, n) => n / rate);
    const make = () => player.bufferOf(context, { rate, channels: [ramp] });
    const p = new player.Player(context, 'cross');
    p.play(make(), 0);
    p.play(make(), 0.25);
    p.play(make(), 0.5);
    const out = (await context.startRendering()).getChannelData(0);
    let worst = 0;
    for (let n = 480; n < rate - 480; ++n) worst = Math.max(worst, Math.abs(out[n] - n / rate));
    return worst;
  })()`) as number;
  assert.ok(worst < 1e-4, `${worst}`);
});

test('twenty switches within one fade raise no error and leave one voice', async () => {
  const last = await page.evaluate(`(async () => {
    ${code}
    const rate = 48000, context = new OfflineAudioContext(1, rate / 2, rate);
    const p = new player.Player(context, 'cross');
    const one = player.bufferOf(context, { rate, channels: [new Float32Array(rate).fill(1)] });
    for (let n = 0; n < 20; ++n) p.play(one, 0.1 + n * 0.0005);
    const out = (await context.startRendering()).getChannelData(0);
    return [out[12000], Math.max(...out)];
  })()`) as number[];
  assert.ok(Math.abs(last[0]! - 1) < 1e-6 && last[1]! < 1.001, String(last));
});
