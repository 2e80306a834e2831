/** The ends of a loop in a listening test, offline in a real browser, sample by sample. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { open, start, type Running } from './harness.ts';

let running: Running;
before(async () => { running = await start(); });
after(() => running.close());

test('a loop of half a second fades out and in by 5 ms of raised cosine, to 1e-6, round after round', async () => {
  const page = await open(running);
  const bundle = await build({
    absWorkingDir: import.meta.root, bundle: true, write: false, format: 'iife', globalName: 'player', target: 'es2022',
    stdin: { contents: "export * from './src/shared/player.ts';", resolveDir: import.meta.root },
  });
  const out = await page.evaluate(`(async () => {
    ${bundle.outputFiles[0]!.text}
    const rate = 48000, context = new OfflineAudioContext(1, 2 * rate, rate);
    const p = new player.Player(context, 'gap');
    p.play(player.bufferOf(context, { rate, channels: [new Float32Array(rate / 2).fill(1)] }), 0);
    return Array.from((await context.startRendering()).getChannelData(0));
  })()`) as number[];
  const frames = 240;
  let worst = 0;
  for (const end of [24000, 48000, 72000]) {
    for (let n = 0; n < frames; ++n) {
      const ideal = 0.5 - 0.5 * Math.cos((Math.PI * n) / frames);
      worst = Math.max(worst, Math.abs(out[end + n]! - ideal), Math.abs(out[end - 1 - n]! - ideal));
    }
    assert.ok(out.slice(end + frames, end + 24000 - frames).every((sample) => sample === 1));
  }
  assert.ok(worst < 1e-6, `${worst}`);
  await page.context().close();
});
