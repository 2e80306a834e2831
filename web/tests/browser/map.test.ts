/** The map: making one, pointing, dragging, colours, pairs, lasso, labels, reference, match, without WebGL. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { boxOf, done, json, makeMap, open, overdrive, shot, start, violations, type Running, until } from './harness.ts';

let running: Running;
let map: string;
let clip: string;
before(async () => {
  running = await start();
  ({ map, clip } = await makeMap(running.url, 400));
});
after(() => running.close());

interface Info { projections: { name: string; default: boolean }[]; columns: { name: string; kind: string }[]; regions: { name: string; points: number[] }[]; favourites: { name: string }[] }
const info = () => json<Info>(running.url, `api/maps/${map}`);
const shownMap = async (path = '', options = {}) => {
  const page = await open(running, `?map=${map}${path}`, options);
  await page.locator('.map-canvas').waitFor();
  await page.locator('.legend').waitFor();
  await page.waitForTimeout(600); // the points have come to rest
  return page;
};
const settled = (page: Page) => until(page, 'performance.getEntriesByName("click-to-sound").length > 0');
const values = (page: Page) => page.locator('.dial').evaluateAll((dials) => dials.map((dial) => Number(dial.getAttribute('aria-valuenow'))));
/** How many pixels of the point canvas are coloured, and how many different colours there are. */
const painted = (page: Page) => page.evaluate(() => {
  const stage = (window as unknown as { soundalikeStage: { drawNow: () => void; redraw: (points: boolean) => void } }).soundalikeStage;
  stage.redraw(true);
  stage.drawNow();
  const source = [...document.querySelectorAll<HTMLCanvasElement>('.map-canvas canvas')].find((canvas) => !canvas.hidden)!;
  const copy = document.createElement('canvas');
  copy.width = source.width;
  copy.height = source.height;
  const g = copy.getContext('2d')!;
  g.drawImage(source, 0, 0);
  const { data } = g.getImageData(0, 0, copy.width, copy.height);
  let pixels = 0;
  const colours = new Set<number>();
  for (let n = 0; n < data.length; n += 4) {
    if (data[n + 3]! < 100) continue;
    ++pixels;
    colours.add((data[n]! >> 4 << 8) | (data[n + 1]! >> 4 << 4) | (data[n + 2]! >> 4));
  }
  return { pixels, colours: colours.size };
});

test('a map is made from the page, with progress, and opens when it is ready', async () => {
  const page = await open(running, `?effect=${overdrive}&clip=${clip}`);
  await page.getByRole('slider', { name: 'Points of the map' }).press('Home');
  await page.getByRole('button', { name: 'Make the map' }).click();
  await page.getByRole('progressbar', { name: 'Making the map' }).waitFor();
  await shot(page, 'making');
  await page.locator('.map-canvas').waitFor({ timeout: 120000 });
  await page.getByRole('button', { name: 'Map: 300 points. Change' }).waitFor();
  await done(page);
});

test('making a map can be cancelled', async () => {
  const page = await open(running, `?effect=${overdrive}&clip=${clip}`);
  await page.getByRole('slider', { name: 'Points of the map' }).press('End');
  await page.getByRole('button', { name: 'Make the map' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Make the map' }).waitFor();
  await done(page);
});

test('the smoothest projection is shown first, with its quality, and every point is drawn', async () => {
  const { projections } = await info();
  const page = await shownMap();
  assert.equal(await page.getByRole('combobox', { name: /^Projection/ }).inputValue(), projections.find((each) => each.default)!.name);
  for (const name of ['Trust', 'Kept', 'Roughness']) assert.match(await page.locator('.quality div', { hasText: name }).locator('dd').innerText(), /^\d/);
  const { pixels, colours } = await painted(page);
  assert.ok(pixels > 400 * 10 && colours > 12, `${pixels} ${colours}`);
  assert.equal(await page.locator('.drawing').count(), 0, 'drawn with WebGL');
  await shot(page, 'map');
  await done(page);
});

test('a click sounds at once, moves the knobs, and the server placed it', async () => {
  const page = await shownMap();
  const before = await values(page);
  const box = await boxOf(page, '.map-canvas');
  const located = page.waitForResponse((response) => response.url().endsWith('/locate'));
  await page.mouse.click(box.x + box.width * 0.35, box.y + box.height * 0.5);
  await settled(page);
  const { settings, neighbours } = await (await located).json() as { settings: number[]; neighbours: { weight: number }[] };
  assert.ok(Math.abs(neighbours.reduce((sum, { weight }) => sum + weight, 0) - 1) < 1e-3);
  await until(page, (wanted) => Math.abs(Number(document.querySelector('.dial')!.getAttribute('aria-valuenow')) - wanted) < 2e-3, settings[0]!);
  assert.notDeepEqual(await values(page), before);
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  const detail = await page.evaluate(() => (performance.getEntriesByName('click-to-sound')[0] as PerformanceMeasure).detail as { plugin: number });
  assert.ok(detail.plugin > 0, 'the plugin really ran');
  await shot(page, 'clicked');
  await done(page);
});

test('a drag goes through places in between and is one step of history', async () => {
  const page = await shownMap();
  const box = await boxOf(page, '.map-canvas');
  const seen = new Set<string>();
  page.on('response', (response) => { if (response.url().endsWith('api/render')) seen.add(response.headers()['x-settings'] ?? ''); });
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.5);
  await page.mouse.down();
  for (let n = 0; n <= 40; ++n) {
    await page.mouse.move(box.x + box.width * (0.3 + 0.01 * n), box.y + box.height * 0.5);
    await page.waitForTimeout(20);
  }
  await page.mouse.up();
  await until(page, 'document.querySelectorAll(".history .row").length === 2');
  assert.ok(seen.size > 5, `${seen.size} different settings were rendered on the way`);
  await done(page);
});

test('turning a knob moves the point on the map', async () => {
  const page = await shownMap();
  const box = await boxOf(page, '.map-canvas');
  await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await settled(page);
  await page.waitForURL(/x=/);
  const before = new URL(page.url()).searchParams.get('x');
  await page.getByRole('slider', { name: 'Drive' }).focus();
  await page.keyboard.press('End');
  await until(page, (old) => { const x = new URLSearchParams(location.search).get('x'); return x !== null && x !== old; }, before);
  await done(page);
});

test('arrow keys move and play, and the place is told in words', async () => {
  const page = await shownMap();
  await page.locator('.map-canvas').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowUp');
  await settled(page);
  await until(page, '/Drive /.test(document.querySelector(".map-canvas [role=status]").textContent)');
  await page.keyboard.press('+');
  await page.keyboard.press('f');
  await done(page);
});

test('the address brings back the same place, settings and colours', async () => {
  const page = await shownMap('&colour=p_drive');
  const box = await boxOf(page, '.map-canvas');
  await page.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.45);
  await settled(page);
  await page.waitForURL(/settings=/);
  await page.waitForTimeout(700);
  const [address, was] = [page.url(), await values(page)];
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('.legend strong', { hasText: 'Drive' }).waitFor();
  await until(page, (wanted) => Math.abs(Number(document.querySelector('.dial')?.getAttribute('aria-valuenow')) - wanted) < 1e-3, was[0]!);
  await done(page);
});

test('every column colours the points, and the legend says what it means', async () => {
  const { columns } = await info();
  for (const kind of ['knob', 'feature', 'error']) assert.ok(columns.some((each) => each.kind === kind), `there is a ${kind} to colour by`);
  const page = await shownMap();
  for (const { name } of columns) {
    await page.getByLabel('Colour by').selectOption(name);
    await page.waitForURL((url) => url.searchParams.get('colour') === name);
    await page.locator('.legend strong').waitFor();
  }
  await page.getByLabel('Colour by').selectOption('');
  await page.locator('.legend').waitFor({ state: 'detached' });
  const plain = await painted(page);
  await page.getByRole('button', { name: 'Drive', exact: true }).click();
  await page.locator('.legend strong', { hasText: 'Drive' }).waitFor();
  assert.ok((await painted(page)).colours > plain.colours + 4);
  await done(page);
});

test('another projection keeps the settings and moves the cursor', async () => {
  const { projections } = await info();
  assert.ok(projections.length >= 2);
  const page = await shownMap('&x=0&y=0');
  await settled(page).catch(() => {});
  const was = await values(page);
  const other = projections.find((each) => !each.default)!.name;
  await page.getByRole('combobox', { name: /^Projection/ }).selectOption(other);
  await page.waitForURL((url) => url.searchParams.get('projection') === other);
  assert.deepEqual(await values(page), was);
  await done(page);
});

test('a lasso names a region that is stored, coloured, and pulls the map apart', async () => {
  const page = await shownMap();
  await page.keyboard.press('l');
  const box = await boxOf(page, '.map-canvas');
  const at = (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y];
  await page.mouse.move(...at(0.1, 0.1));
  await page.mouse.down();
  for (const [x, y] of [[0.5, 0.1], [0.5, 0.9], [0.1, 0.9], [0.1, 0.15]] as const) await page.mouse.move(...at(x, y), { steps: 8 });
  await shot(page, 'lasso');
  await page.mouse.up();
  await page.getByRole('textbox').fill('left half');
  await page.getByRole('button', { name: 'Keep the region' }).click();
  await page.getByRole('button', { name: /left half/ }).first().waitFor();
  const { regions } = await info();
  assert.equal(regions.length, 1);
  assert.ok(regions[0]!.name === 'left half' && regions[0]!.points.length > 20 && regions[0]!.points.length < 400);
  await page.keyboard.press('Escape');
  await page.getByLabel('Colour by').selectOption('#regions');
  await page.locator('.legend .entry', { hasText: 'left half' }).waitFor();
  await page.getByText('Pull the map apart by labels').click();
  await page.getByLabel('Label by').selectOption('#regions');
  await page.getByRole('button', { name: 'Project with labels' }).click();
  const count = await page.getByRole('combobox', { name: /^Projection/ }).locator('option').count();
  await until(page, (n) => [...document.querySelectorAll('.side.left label.field')].find((each) => each.textContent!.startsWith('Projection'))!.querySelectorAll('option').length > n, count, { timeout: 90000 });
  await shot(page, 'labelled');
  await page.reload();
  await page.getByRole('button', { name: /left half/ }).first().waitFor();
  await done(page);
});

test('labels by the lowest and highest of a feature give a projection of their own', async () => {
  const before = (await info()).projections.length;
  const page = await shownMap();
  await page.getByText('Pull the map apart by labels').click();
  await page.getByLabel(/Lowest and highest/).fill('50');
  await page.getByRole('button', { name: 'Project with labels' }).click();
  await page.getByRole('button', { name: 'Project with labels' }).and(page.locator(':enabled')).waitFor({ timeout: 90000 });
  assert.equal((await info()).projections.length, before + 1);
  await done(page);
});

test('brushing a pair plot selects the same points on the map', async () => {
  const page = await shownMap('&pairs');
  await page.locator('.plot').first().waitFor();
  const all = await painted(page);
  const box = await boxOf(page, '.plot >> nth=0');
  await page.mouse.move(box.x + 2, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await page.locator('.selection').waitFor();
  const chosen = Number((await page.locator('.selection').innerText()).match(/\d+/)![0]);
  assert.ok(chosen > 40 && chosen < 200, `${chosen} of 400 in a quarter of two evenly spread knobs`);
  const some = await painted(page);
  assert.ok(some.pixels < all.pixels * 0.8, 'the others stand back');
  await shot(page, 'pairs');
  await page.keyboard.press('Escape');
  await page.locator('.selection').waitFor({ state: 'detached' });
  await done(page);
});

test('favourites stay with the map', async () => {
  const page = await shownMap();
  const box = await boxOf(page, '.map-canvas');
  await page.mouse.click(box.x + box.width * 0.4, box.y + box.height * 0.6);
  await settled(page);
  await page.waitForURL(/x=/);
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Favourite 1', exact: true }).waitFor();
  await until(page, async (id) => (await (await fetch(`api/maps/${id}`)).json()).favourites.length === 1, map);
  await page.reload();
  await page.getByRole('button', { name: 'Favourite 1', exact: true }).waitFor();
  await done(page);
});

/** How many pixels over the points have the colour of references and matches, the shadow of letters aside. */
const ofReferences = (page: Page) => page.evaluate(() => {
  const over = document.querySelectorAll<HTMLCanvasElement>('.map-canvas canvas')[2]!;
  const [red, green, blue] = getComputedStyle(document.documentElement).getPropertyValue('--reference').trim().slice(1).match(/../g)!.map((two) => parseInt(two, 16)) as [number, number, number];
  const { data } = over.getContext('2d')!.getImageData(0, 0, over.width, over.height);
  let count = 0;
  for (let n = 0; n < data.length; n += 4) {
    if (data[n + 3]! > 200 && Math.abs(data[n]! - red) + Math.abs(data[n + 1]! - green) + Math.abs(data[n + 2]! - blue) < 24) ++count;
  }
  return count;
});

test('a recording dropped on the map is the reference, and is placed where it sounds alike', async () => {
  const page = await shownMap();
  const before = await ofReferences(page);
  const placed = page.waitForResponse((response) => response.url().endsWith('/place') && 'audio' in response.request().postDataJSON());
  const reference = (await json<{ id: string; name: string }[]>(running.url, 'api/audio')).find(({ name }) => name === 'band-reference')!.id;
  const bytes = Buffer.from(await (await fetch(`${running.url}api/audio/${reference}`)).arrayBuffer());
  await page.evaluate((data) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], 'wanted.wav'));
    document.querySelector('#main')!.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }, bytes.toString('base64'));
  const { x, y } = await (await placed).json() as { x: number; y: number };
  await page.getByRole('button', { name: 'Match', exact: true }).waitFor(); // what comes next is shown
  assert.ok(Number.isFinite(x) && Number.isFinite(y));
  await page.waitForURL(/reference=/);
  for (const end = Date.now() + 30000; await ofReferences(page) <= before + 40;) assert.ok(Date.now() < end, 'the diamond is drawn');
  await done(page);
});

test('stored maps are listed, and one is opened from the list', async () => {
  const page = await open(running);
  await page.getByRole('button', { name: 'Maps', exact: true }).click();
  await page.locator('dialog .maps button.row', { hasText: '400 points' }).click();
  await page.locator('.map-canvas').waitFor();
  await page.getByRole('button', { name: 'Map: 400 points. Change' }).waitFor();
  await page.waitForURL((url) => url.searchParams.get('map') === map);
  await done(page);
});

test('a step back on the map brings back the place and its settings', async () => {
  const page = await shownMap();
  const box = await boxOf(page, '.map-canvas');
  const steps = async (count: number) => until(page, (wanted) => document.querySelectorAll('.history .row').length === wanted, count);
  await page.mouse.click(box.x + box.width * 0.35, box.y + box.height * 0.5);
  await steps(2);
  const first = await values(page);
  await page.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.45);
  await steps(3);
  assert.notDeepEqual(await values(page), first);
  await page.getByRole('button', { name: 'Undo' }).click();
  await until(page, (wanted) => Number(document.querySelector('.dial')!.getAttribute('aria-valuenow')) === wanted, first[0]!);
  assert.deepEqual(await values(page), first);
  await page.locator('.history .row', { hasText: 'Defaults' }).click();
  await until(page, (old) => Number(document.querySelector('.dial')!.getAttribute('aria-valuenow')) !== old, first[0]!);
  await done(page);
});

test('a reference has its place on the map, and the search is drawn as it goes', async () => {
  const clips = await json<{ id: string; name: string }[]>(running.url, 'api/audio');
  const page = await shownMap(`&reference=${clips.find(({ name }) => name === 'voice-reference')!.id}`);
  await page.getByRole('tab', { name: 'Match' }).click();
  await page.getByRole('button', { name: 'Go where it is on the map' }).click();
  await settled(page);
  await page.getByLabel('Search').selectOption({ index: 0 });
  await page.getByRole('button', { name: 'Match', exact: true }).click();
  const before = await ofReferences(page);
  await page.getByLabel('Result of the match').waitFor({ timeout: 60000 });
  await page.waitForTimeout(800);
  const drawn = await ofReferences(page);
  assert.ok(drawn > before + 30 || drawn > 250, `the path is drawn: ${before} pixels of its colour, then ${drawn}`);
  await shot(page, 'path');
  await done(page);
});

test('without WebGL the map is drawn as cells, and everything else works', async () => {
  const page = await shownMap('&canvas');
  await page.getByText('Drawn without WebGL').waitFor();
  const { pixels, colours } = await painted(page);
  assert.ok(pixels > 200 && colours > 6, `${pixels} ${colours}`);
  const box = await boxOf(page, '.map-canvas');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await settled(page);
  await shot(page, 'cells');
  await done(page);
});

test('a lost WebGL context is bridged and comes back', async () => {
  const page = await shownMap();
  const before = await painted(page);
  await page.evaluate(() => {
    const gl = document.querySelector<HTMLCanvasElement>('.map-canvas canvas')!.getContext('webgl2')!;
    const extension = gl.getExtension('WEBGL_lose_context')!;
    (window as unknown as { back: () => void }).back = () => extension.restoreContext();
    extension.loseContext();
  });
  await page.getByText('The graphics card is busy').waitFor();
  assert.ok((await painted(page)).pixels > 200, 'cells meanwhile');
  await page.evaluate('back()');
  await page.locator('.drawing').waitFor({ state: 'detached' });
  const after = await painted(page);
  assert.ok(Math.abs(after.pixels - before.pixels) < 0.02 * before.pixels, `${before.pixels} ${after.pixels}`);
  page.problems.length = 0; // Chromium logs the loss
  await done(page);
});

test('a finger explores, two fingers zoom', async () => {
  const page = await shownMap('', { hasTouch: true, viewport: { width: 1024, height: 768 } });
  const box = await boxOf(page, '.map-canvas');
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  await settled(page);
  const zoom = () => page.evaluate('soundalikeStage.view.zoom') as Promise<number>;
  const before = await zoom();
  const session = await page.context().newCDPSession(page);
  const fingers = (apart: number) => [-1, 1].map((side, id) => ({ x: box.x + box.width / 2 + side * apart, y: box.y + box.height / 2, id }));
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(40) });
  for (const apart of [60, 90, 120]) await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(apart) });
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  assert.ok(await zoom() > before * 1.5, `${before} ${await zoom()}`);
  await done(page);
});

test('no point of the whole map lies under the tools, and the header names what is chosen on a tablet', async () => {
  for (const [width, height] of [[1280, 720], [1024, 768]] as const) {
    const page = await shownMap('', { viewport: { width, height } });
    const furthest = await page.evaluate(() => {
      const { bounds, screen } = (window as unknown as { soundalikeStage: { bounds: { right: number; top: number }; screen: (x: number, y: number) => [number, number] } }).soundalikeStage;
      return screen(bounds.right, bounds.top)[0];
    });
    const [canvas, tools] = [await boxOf(page, '.map-canvas'), await boxOf(page, '.map-tools')];
    assert.ok(canvas.x + furthest < tools.x, `the rightmost point at ${canvas.x + furthest}, the tools from ${tools.x}`);
    const cut = await page.locator('.choice span').evaluateAll((names) => names.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent));
    assert.deepEqual(cut, [], 'nothing in the header is cut off');
    await done(page);
  }
});

for (const [name, width, height] of [['desktop', 1280, 720], ['tablet', 1024, 768], ['upright', 820, 1180]] as const) {
  for (const scheme of ['dark', 'light'] as const) {
    test(`axe finds nothing on the map, ${name}, ${scheme}, and nothing sticks out`, async () => {
      const page = await shownMap('&x=0&y=0', { viewport: { width, height }, colorScheme: scheme });
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight'));
      await shot(page, `map-${name}-${scheme}`);
      await done(page);
    });
  }
}
