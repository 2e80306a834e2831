/**
 * How fast the page is, end to end: one JSON document. `npm run measure [clicks [folder of maps]]`.
 *
 * Click to sound: two clients in two browsers' contexts click on random places of a map of a 5 s clip, a quarter of a
 * second after the sound of the click before; from the event's own time to the first sample of the new sound leaving the
 * audio graph. The same with one client alone, and with clicks that follow a sound at once. Drawing: points by
 * the hundred thousand, panned every frame; the time to the first frame from the arrays' arrival. Maps of a folder:
 * from the address to the first frame with all points, the arrays' way from the server included.
 */
import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { boxOf, json, open, overdrive, start, until, type Running } from '../browser/harness.ts';

const clicks = Number(process.argv[2] ?? 500);
const folder = process.argv[3];
const seconds = 5;
const quarter = 250; // ms: four clicks a second are more than one listens to

const quantile = (values: number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1));
};
const summary = (values: number[]) => ({ p50: quantile(values, 0.5), p95: quantile(values, 0.95), max: quantile(values, 1) });

/** The first seconds of a clip of the server, as a clip of its own. */
async function shorter({ url }: Running, name: string): Promise<string> {
  const clips = await json<{ id: string; name: string; rate: number; channels: number }[]>(url, 'api/audio');
  const clip = clips.find((each) => each.name === name)!;
  const whole = Buffer.from(await (await fetch(`${url}api/audio/${clip.id}`)).arrayBuffer());
  const data = whole.indexOf('data', 12, 'latin1');
  const bytes = Math.round(seconds * clip.rate) * clip.channels * 4;
  const cut = Buffer.from(whole.subarray(0, data + 8 + bytes));
  cut.writeUInt32LE(cut.length - 8, 4);
  cut.writeUInt32LE(bytes, data + 4);
  const response = await fetch(`${url}api/audio`, { method: 'POST', body: cut, headers: { 'X-Name': 'five' } });
  return ((await response.json()) as { id: string }).id;
}

async function mapOf({ url }: Running, audio: string, points: number): Promise<string> {
  const { job, map } = await json<{ job: string; map: string }>(url, 'api/maps', { effect: overdrive, audio, points, seed: 1 });
  for (let state = ''; state !== 'done';) {
    ({ state } = await json<{ state: string }>(url, `api/jobs/${job}`));
    if (state === 'failed' || state === 'cancelled') throw new Error(`the map was ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return map;
}

interface Taken { total: number; plugin: number; server: number }

/** @param pause from a sound to the next click, ms: the page is still drawing what the click before has changed. */
async function clickAround(page: Page, seed: number, clicks: number, pause: number): Promise<Taken[]> {
  const box = await boxOf(page, '.map-canvas');
  await page.evaluate(() => performance.clearMeasures('click-to-sound'));
  let state = seed;
  const random = () => { state = (state * 1103515245 + 12345) % 2147483648; return state / 2147483648; };
  for (let n = 0; n < clicks; ++n) {
    await page.mouse.click(box.x + box.width * (0.15 + 0.6 * random()), box.y + box.height * (0.3 + 0.35 * random()));
    await page.evaluate((wanted) => new Promise<void>((resolve) => { // without asking again and again, which takes time too
      const look = () => performance.getEntriesByName('click-to-sound').length > wanted;
      if (look()) return resolve();
      const observer = new PerformanceObserver(() => { if (look()) { observer.disconnect(); resolve(); } });
      observer.observe({ type: 'measure' });
    }), n);
    await page.waitForTimeout(pause);
  }
  return page.evaluate(() => performance.getEntriesByName('click-to-sound').map((each) => ({
    total: each.duration, ...((each as PerformanceMeasure).detail as { plugin: number; server: number }),
  })));
}

/** The time to the first frame of that many points. */
async function draw(page: Page, points: number) {
  return page.evaluate(async (count) => {
    const stage = (window as any).soundalikeStage;
    const positions = new Float32Array(2 * count);
    const colours = new Uint8Array(count);
    for (let n = 0; n < count; ++n) {
      const angle = n * 2.399963;
      const radius = Math.sqrt(n / count) * (1 + 0.3 * Math.sin(n));
      positions[2 * n] = radius * Math.cos(angle);
      positions[2 * n + 1] = radius * Math.sin(angle);
      colours[n] = n & 255;
    }
    const gl = document.querySelector<HTMLCanvasElement>('.map-canvas canvas')!.getContext('webgl2');
    const pixel = new Uint8Array(4);
    const finish = () => gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    const began = performance.now();
    stage.setColours(colours);
    stage.setOn(null);
    stage.setPositions(positions, { left: -1.3, right: 1.3, bottom: -1.3, top: 1.3 });
    stage.setView({ x: 0, y: 0, zoom: 1 });
    stage.drawNow();
    finish();
    const first = performance.now() - began;
    return { points: count, first_frame_ms: Math.round(first), status: stage.status };
  }, points);
}

/** Frames per second while what is shown is moved to and fro. */
async function framesPerSecond(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const stage = (window as any).soundalikeStage;
    const { x, y, zoom } = stage.view;
    let frames = 0;
    const from = performance.now();
    while (performance.now() < from + 4000) {
      stage.setView({ x: x + 0.1 * Math.sin(frames / 10), y, zoom: 1.2 * zoom });
      await new Promise(requestAnimationFrame);
      ++frames;
    }
    return Number((1000 * frames / (performance.now() - from)).toFixed(1));
  });
}

/** A stored map, from the address to its first frame. */
async function shown(running: Running, { id, points }: { id: string; points: number }) {
  const page = await open(running, `?map=${id}`);
  await until(page, 'performance.getEntriesByName("map-points-set").length > 0', undefined, { every: 10, timeout: 60000 });
  const first = await page.evaluate(() => {
    const stage = (window as any).soundalikeStage;
    stage.drawNow();
    const gl = document.querySelector<HTMLCanvasElement>('.map-canvas canvas')!.getContext('webgl2');
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    return { set: performance.getEntriesByName('map-points-set')[0]!.startTime, drawn: performance.now() };
  });
  await page.waitForTimeout(1500);
  const rate = await framesPerSecond(page);
  await page.context().close();
  return { points, points_there_ms: Math.round(first.set), drawn_ms: Math.round(first.drawn), frames_per_second: rate };
}

const running = await start(folder ? ['--maps', folder] : []);
try {
  const clip = await shorter(running, 'band');
  const map = await mapOf(running, clip, 1000);
  const pages = await Promise.all([open(running, `?map=${map}`), open(running, `?map=${map}`)]);
  for (const page of pages) await page.locator('.map-canvas').waitFor();
  await pages[0]!.waitForTimeout(1000);
  const both = async (count: number, pause: number) =>
    (await Promise.all(pages.map((page, n) => clickAround(page, n + 1, count, pause)))).flat();
  const taken = await both(clicks, quarter);
  const hurried = await both(Math.ceil(clicks / 5), 0);
  await pages[1]!.context().close();
  const alone = await clickAround(pages[0]!, 3, Math.ceil(clicks / 5), quarter);
  const renderer = await pages[0]!.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2')!;
    return gl.getParameter(gl.getExtension('WEBGL_debug_renderer_info')!.UNMASKED_RENDERER_WEBGL) as string;
  });
  const drawn = [];
  for (const points of [10000, 100000]) drawn.push({ ...await draw(pages[0]!, points), frames_per_second: await framesPerSecond(pages[0]!) });
  const stored = [];
  for (const each of await json<{ id: string; points: number; state: string }[]>(running.url, 'api/maps')) {
    if (folder && each.id !== map && each.state === 'ready') stored.push(await shown(running, each));
  }
  console.log(JSON.stringify({
    clicks: taken.length, clients: 2, clip_seconds: seconds, effect: overdrive, load: loadavg().map((each) => Number(each.toFixed(1))),
    click_to_sound_ms: summary(taken.map(({ total }) => total)),
    without_plugin_ms: summary(taken.map(({ total, plugin }) => total - plugin)),
    one_client_ms: summary(alone.map(({ total }) => total)),
    without_pauses_ms: summary(hurried.map(({ total }) => total)),
    plugin_ms: summary(taken.map(({ plugin }) => plugin)),
    server_ms: summary(taken.map(({ server }) => server)),
    drawing: { renderer, canvas: await boxOf(pages[0]!, '.map-canvas'), sizes: drawn, stored },
  }, null, 2));
} finally {
  await running.close();
}
