/** Effects, clips, knobs and sound, without a map. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { done, json, open, overdrive, program, shot, start, violations, type Running, until } from './harness.ts';

let running: Running;
before(async () => { running = await start(); });
after(() => running.close());

interface Clip { id: string; name: string; seconds: number }
const path = (clip: string, settings?: string) => `?effect=${overdrive}&clip=${clip}${settings ? `&settings=${settings}` : ''}`;
const voice = async () => (await json<Clip[]>(running.url, 'api/audio')).find(({ name }) => name === 'voice')!.id;
const texts = (page: Page) => page.locator('.knob .value').allTextContents();
const rendered = (page: Page) => page.waitForResponse((response) => response.url().endsWith('api/render') && response.status() === 200);

test('a newcomer gets from nothing to a sounding effect by what the page offers', async () => {
  const page = await open(running);
  await page.getByRole('button', { name: 'Choose an effect' }).click();
  await page.getByRole('combobox', { name: 'Search effects' }).fill('mda overdrive');
  const first = rendered(page); // on a recording that comes along
  await page.getByRole('option', { name: /Overdrive/ }).first().click();
  await page.getByRole('slider', { name: 'Drive' }).waitFor();
  await first;
  await page.getByRole('button', { name: 'Clip: band. Change' }).click();
  const sounded = rendered(page);
  await page.getByRole('button', { name: /^voice \d/ }).click();
  await sounded;
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await shot(page, 'controls');
  await done(page);
});

test('the search finds every installed effect and works by keys alone', async () => {
  const all = await json<unknown[]>(running.url, 'api/effects');
  const page = await open(running);
  await page.getByRole('button', { name: 'Choose an effect' }).press('Enter');
  await page.getByText(`${all.length} of ${all.length} effects`).waitFor();
  await page.keyboard.type('ambience mda');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'MDA Ambience' }).waitFor();
  await done(page);
});

test('a knob turned by keys shows the text that the server gives for it', async () => {
  const page = await open(running, path(await voice()));
  const knob = page.getByRole('slider', { name: 'Drive' });
  await knob.focus();
  const sounded = rendered(page);
  for (let n = 0; n < 3; ++n) await page.keyboard.press('PageUp');
  const { settings } = JSON.parse((await sounded).request().postData()!);
  assert.ok(settings[0] > 0);
  await until(page, 'document.querySelector("[data-parameter=drive] .dial").getAttribute("aria-valuenow") === "0.3"');
  const [{ text }] = await json<{ text: string }[]>(running.url, 'api/texts', { effect: overdrive, settings: [0.3, 0, 0.5] });
  await until(page, (wanted) => document.querySelector('[data-parameter=drive] .value')!.textContent === wanted, text);
  assert.equal(await knob.getAttribute('aria-valuetext'), text);
  await done(page);
});

test('dragging a knob renders on the way and remembers only its end', async () => {
  const page = await open(running, path(await voice()));
  const box = (await page.getByRole('slider', { name: 'Drive' }).boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  for (let n = 1; n <= 30; ++n) await page.mouse.move(box.x + 20, box.y + 20 - 4 * n);
  await page.mouse.up();
  assert.ok(Number(await page.getByRole('slider', { name: 'Drive' }).getAttribute('aria-valuenow')) > 0.6);
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  assert.equal(await page.locator('.history .row').count(), 2);
  await done(page);
});

test('undo and redo go back and forth, and the address keeps what is set', async () => {
  const page = await open(running, path(await voice(), '0.25,0.5,0.5'));
  await until(page, '[...document.querySelectorAll(".knob .value")].every((each) => each.textContent)');
  await page.locator('.knob').first().waitFor();
  const before = await texts(page);
  await page.getByRole('slider', { name: 'Muffle' }).focus();
  await page.keyboard.press('End');
  await until(page, 'document.querySelector("[data-parameter=muffle] .dial").getAttribute("aria-valuenow") === "1"');
  await page.keyboard.press('Control+z');
  await until(page, 'document.querySelector("[data-parameter=muffle] .dial").getAttribute("aria-valuenow") === "0.5"');
  // The texts are the plugin's own: they come with its sound.
  await until(page, (expected) => [...document.querySelectorAll('.knob .value')].every((each, i) => each.textContent === expected[i]), before);
  await page.keyboard.press('Control+y');
  await page.waitForURL(/settings=0\.25,1,0\.5/);
  await page.reload();
  await until(page, 'document.querySelector("[data-parameter=muffle] .dial")?.getAttribute("aria-valuenow") === "1"');
  await done(page);
});

test('one key each for dry, wet and reference', async () => {
  const clip = await voice();
  const page = await open(running, `${path(clip, '0.8,0,0.5')}&reference=${clip}`);
  const heard = (name: string) => page.locator(`.listen [aria-checked=true].${name}`).waitFor();
  await page.locator('.listen .wet:not([disabled])').waitFor();
  await page.locator('.listen .reference:not([disabled])').waitFor();
  await until(page, 'document.querySelector(".waveform")');
  for (const [key, name] of [['1', 'dry'], ['2', 'wet'], ['3', 'reference'], ['d', 'dry'], ['b', 'wet'], ['r', 'reference']] as const) {
    await page.keyboard.press(key);
    await heard(name);
  }
  await done(page);
});

test('renders ask for the same loudness until told otherwise, and for the mix', async () => {
  const page = await open(running, path(await voice(), '0.8,0,0.5'));
  await page.locator('.listen .wet:not([disabled])').waitFor();
  const off = page.waitForRequest((request) => request.url().endsWith('api/render') && request.postDataJSON().match_loudness === false);
  await page.getByRole('button', { name: 'Same loudness' }).click();
  await off;
  const mixed = page.waitForRequest((request) => request.url().endsWith('api/render') && request.postDataJSON().dry_wet === 0.99);
  await page.getByRole('slider', { name: 'Dry to wet mix' }).press('ArrowLeft');
  await mixed;
  await done(page);
});

test('favourites are pinned, renamed, compared and taken', async () => {
  const page = await open(running, path(await voice(), '0.1,0,0.5'));
  await page.getByRole('slider', { name: 'Drive' }).waitFor();
  await page.keyboard.press('p');
  await page.getByRole('slider', { name: 'Drive' }).press('End');
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Rename Favourite 2' }).click();
  await page.keyboard.type('hot');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('radio', { name: /hot/ }).waitFor();
  await page.keyboard.press('1');
  assert.equal(await page.getByRole('radio', { name: /Favourite 1/ }).getAttribute('aria-checked'), 'true');
  assert.equal(await page.locator('.compare tbody tr').count(), 1, 'only the knob that differs');
  await shot(page, 'compare');
  await page.getByRole('button', { name: 'Use this one' }).click();
  await until(page, 'document.querySelector("[data-parameter=drive] .dial").getAttribute("aria-valuenow") === "0.1"');
  await page.reload();
  await page.getByText('hot', { exact: true }).waitFor();
  await done(page);
});

test('every kind of export is a file that holds what is set', async () => {
  const page = await open(running, path(await voice(), '0.75,0.25,0.5'));
  await page.locator('.listen .wet:not([disabled])').waitFor();
  await page.keyboard.press('e');
  const save = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.card', { hasText: name }).click()]);
    await page.locator('.card:not([disabled])').first().waitFor();
    return { name: download.suggestedFilename(), bytes: await readFile((await download.path())!) };
  };
  assert.match((await save('JSON')).bytes.toString(), /0\.75/);
  assert.match((await save('Recipe')).bytes.toString(), /Overdrive/);
  assert.equal((await save('LV2 preset')).bytes.subarray(0, 2).toString(), 'PK');
  assert.equal((await save('WAV')).bytes.subarray(0, 4).toString(), 'RIFF');
  assert.equal((await save('FLAC')).bytes.subarray(0, 4).toString(), 'fLaC');
  await shot(page, 'export');
  await done(page);
});

test('a VST3 preset from the page plays what was set, in the program that renders presets', async (context) => {
  const [found] = await json<{ id: string }[]>(running.url, 'api/effects?query=zamtube&format=vst3');
  if (!found) return context.skip('ZamTube is not installed');
  const { parameters } = await json<{ parameters: { default: number; free: boolean }[] }>(running.url, `api/effects/${encodeURIComponent(found.id)}`);
  const wanted = parameters.map((parameter, n) => (parameter.free ? [0.8, 0.3, 0.65][n % 3]! : parameter.default));
  const page = await open(running, `?effect=${encodeURIComponent(found.id)}&clip=${await voice()}&settings=${wanted.join(',')}`);
  await page.locator('.listen .wet:not([disabled])').waitFor();
  await page.keyboard.press('e');
  assert.equal(await page.locator('.card', { hasText: 'LV2 preset' }).count(), 0, 'only its own kind of preset is offered');
  const save = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.card', { hasText: name }).click()]);
    await page.locator('.card:not([disabled])').first().waitFor();
    const file = join(running.folder, download.suggestedFilename());
    await download.saveAs(file);
    return file;
  };
  const preset = await save('VST3 preset');
  await shot(page, 'export-vst3');
  assert.match(preset, /\.vstpreset$/);
  const bytes = await readFile(preset);
  assert.equal(bytes.subarray(0, 4).toString(), 'VST3');
  const list = Number(bytes.readBigUInt64LE(40));
  assert.equal(bytes.subarray(list, list + 4).toString(), 'List', 'the list is where the header says');
  const { knobs } = JSON.parse(await readFile(await save('JSON'), 'utf8')) as { knobs: { id: string; plain: number }[] };
  await done(page);

  const clip = join(running.folder, 'clip.wav');
  await writeFile(clip, Buffer.from(await (await fetch(`${running.url}api/audio/${await voice()}`)).arrayBuffer()));
  const render = async (name: string, options: string[]) => {
    const out = join(running.folder, `${name}.wav`);
    execFileSync(program, ['render', clip, ...options, '-o', out], { stdio: 'pipe' });
    const bytes = await readFile(out);
    const data = bytes.indexOf('data', 12, 'latin1');
    return Float32Array.from({ length: bytes.readUInt32LE(data + 4) / 4 }, (_, n) => bytes.readFloatLE(data + 8 + 4 * n));
  };
  const furthest = (a: Float32Array, b: Float32Array) => a.reduce((most, value, n) => Math.max(most, Math.abs(value - b[n]!)), 0);
  const byPreset = await render('preset', ['--preset', preset]);
  const byHand = await render('hand', ['-e', found.id, ...knobs.flatMap(({ id, plain }, n) => (parameters[n]!.free ? ['-s', `${id}=${plain}`] : []))]);
  const untouched = await render('untouched', ['-e', found.id]);
  assert.ok(byPreset.length > 0 && byPreset.length === byHand.length);
  // The preset holds the plugin's own numbers, a command line's become settings in [0, 1] first: they round differently.
  assert.ok(furthest(byPreset, byHand) < 1e-3, `the preset sounds as the knobs set by hand, within ${furthest(byPreset, byHand)}`);
  assert.ok(furthest(byPreset, untouched) > 0.1, 'and not as the plugin at its defaults');
});

test('a dropped recording becomes the clip, and a file that is none is refused in words', async () => {
  const page = await open(running, `?effect=${overdrive}`);
  const file = await readFile(`${import.meta.root}/../examples/audio/voice.flac`).catch(() => null);
  const clip = file ?? Buffer.from(await (await fetch(`${running.url}api/audio/${await voice()}`)).arrayBuffer());
  const drop = (name: string, bytes: Buffer) => page.evaluate(async ([named, data]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(data!), (c) => c.charCodeAt(0))], named!));
    document.querySelector('#main')!.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }, [name, bytes.toString('base64')]);
  await page.locator('#main').waitFor();
  await drop('my take.wav', clip);
  await page.getByRole('button', { name: /Clip: (my take|voice)/ }).waitFor();
  await drop('notes.txt', Buffer.from('no audio'));
  await page.locator('.toast.bad').waitFor();
  page.problems.length = 0; // the browser logs the refusal
  await done(page);
});

test('a match runs with live progress, draws its curve and sets the knobs', async () => {
  const clips = await json<Clip[]>(running.url, 'api/audio');
  const reference = clips.find(({ name }) => name === 'voice-reference')!.id;
  const page = await open(running, `${path(await voice())}&reference=${reference}`);
  await page.getByRole('tab', { name: 'Match' }).click();
  await page.getByLabel('Search').selectOption({ index: 0 });
  await page.getByRole('button', { name: 'Match', exact: true }).click();
  await page.getByRole('progressbar', { name: 'Matching' }).waitFor();
  await page.getByLabel('Result of the match').waitFor({ timeout: 60000 });
  await page.locator('.chart canvas').waitFor();
  await shot(page, 'matched');
  await page.getByRole('tab', { name: 'Knobs' }).click();
  assert.notEqual(await page.getByRole('slider', { name: 'Drive' }).getAttribute('aria-valuenow'), '0');
  assert.equal(await page.locator('.history [aria-current=step]').textContent().then((text) => text!.includes('Match')), true);
  await done(page);
});

test('a match can be cancelled', async () => {
  const clips = await json<Clip[]>(running.url, 'api/audio');
  const page = await open(running, `${path(await voice())}&reference=${clips.find(({ name }) => name === 'band-reference')!.id}`);
  await page.getByRole('tab', { name: 'Match' }).click();
  await page.getByLabel('Search').selectOption({ index: 2 });
  await page.getByRole('button', { name: 'Match', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Match', exact: true }).waitFor();
  const jobs = await json<{ kind: string; state: string }[]>(running.url, 'api/jobs');
  assert.ok(['cancelled', 'running'].includes(jobs[0]!.state) || jobs.every(({ state }) => state !== 'queued'));
  await done(page);
});

test('an unknown effect in the address is told, and the page still works', async () => {
  const page = await open(running, '?effect=lv2:no:such');
  await page.locator('.toast.bad').waitFor();
  await page.getByRole('button', { name: 'Choose an effect' }).waitFor();
  page.problems.length = 0; // the browser logs the refusal
  await done(page);
});

for (const scheme of ['dark', 'light'] as const) {
  test(`axe finds nothing on the start page, with knobs, or in the dialogs, ${scheme}`, async () => {
    const page = await open(running, '', { colorScheme: scheme });
    await page.getByRole('button', { name: 'Choose an effect' }).waitFor();
    assert.deepEqual(await violations(page), []);
    await shot(page, `start-${scheme}`);
    await page.goto(running.url + path(await voice(), '0.8,0,0.5'));
    await page.locator('.listen .wet:not([disabled])').waitFor();
    await page.waitForTimeout(300); // colours fade in
    assert.deepEqual(await violations(page), []);
    for (const name of [/^Effect:/, /^Clip:/, 'Maps', 'Export', 'Help']) {
      await page.getByRole('button', { name, exact: typeof name === 'string' }).click();
      await page.locator('dialog[open]').waitFor();
      assert.deepEqual(await violations(page), [], String(name));
      await page.keyboard.press('Escape');
    }
    await page.getByRole('tab', { name: 'Match' }).click();
    assert.deepEqual(await violations(page), []);
    await done(page);
  });
}
