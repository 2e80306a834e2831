/** Training runs in a real browser: event files of any program, live, compared, heard, and nothing left out in silence. */
import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { done, open, shot, start, violations, type Running } from './harness.ts';
import { eventFile, scalar, writeRun } from './run_folder.ts';

let running: Running;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soundalike-runs-'));
  await writeRun(join(folder, 'slow'), 0.005);
  await writeRun(join(folder, 'fast'), 0.02);
  running = await start(['--runs', folder]);
});
after(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

test('curves of two runs are compared, zoomed together, smoothed, and kept in the address', async () => {
  const page = await open(running, 'runs.html');
  const side = page.getByRole('complementary', { name: 'Runs' });
  await side.getByText('read to step 399').first().waitFor();
  await side.getByRole('checkbox', { name: 'fast' }).check();
  await side.getByRole('checkbox', { name: 'slow' }).check();
  await page.getByRole('img', { name: /^train\/loss: .*fast.*slow/ }).waitFor();
  await page.getByText('2 values are not finite and cannot be drawn').waitFor();
  await shot(page, 'runs-curves');
  assert.deepEqual(await violations(page), []);

  await page.getByRole('button', { name: 'Log y' }).click();
  await page.getByRole('button', { name: 'Log x' }).click();
  await page.getByLabel('Smooth').fill('0.8');
  await page.getByText(/not above 0/).first().waitFor();
  const plots = page.locator('.u-over');
  const box = (await plots.first().boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 50, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Whole width' }).waitFor();
  const search = new URL(page.url()).searchParams;
  assert.ok(search.has('logx') && search.has('logy') && search.get('smooth') === '0.8' && Number(search.get('from')) > 0);
  await shot(page, 'runs-log-zoom');

  const again = await open(running, page.url().slice(running.url.length)); // the address alone shows the same
  await again.getByRole('button', { name: 'Whole width' }).waitFor();
  await again.getByRole('button', { name: 'Log y', pressed: true }).waitFor();
  assert.equal(await again.getByLabel('Smooth').inputValue(), '0.8');
  await again.getByRole('img', { name: /^train\/loss: .*fast.*slow/ }).waitFor();
  await done(again);
  await done(page);
});

test('what is written while the page is open appears on it', async () => {
  const page = await open(running, 'runs.html?runs=fast');
  await page.getByRole('img', { name: /^train\/loss/ }).waitFor();
  await appendFile(eventFile(join(folder, 'fast')), Buffer.concat([scalar('train/loss', 1234, 0.5), scalar('new/tag', 1234, 42)]));
  await page.getByText('read to step 1,234').waitFor();
  await page.getByRole('img', { name: /new\/tag: .*42 at the end/ }).waitFor();
  await appendFile(eventFile(join(folder, 'fast')), Buffer.concat([scalar('train/loss', 1235, 0.25), scalar('train/loss', 1236, 0.25).subarray(0, 20)])); // cut off
  await page.getByText('1 problem').waitFor();
  await page.getByText('1 problem').click();
  await page.getByText(/unfinished record/).waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'runs-folder');
  await done(page);
});

test('sounds of a step are switched by one key, pictures compared', async () => {
  const page = await open(running, 'runs.html?runs=slow&tab=sounds&step=100', { colorScheme: 'light' });
  await page.getByText('2 of 4').waitFor();
  const sound = (name: string) => page.locator('.sound', { hasText: name });
  assert.deepEqual(await page.locator('.sound b').allTextContents(), ['input', 'target', 'prediction']);
  await sound('target').click();
  await page.locator('.sound[aria-pressed="true"]', { hasText: 'target' }).waitFor();
  await page.keyboard.press('3');
  await page.locator('.sound[aria-pressed="true"]', { hasText: 'prediction' }).waitFor();
  assert.match((await sound('prediction').textContent())!, /step 100/);
  await page.getByRole('button', { name: 'Spectrograms' }).click();
  await page.getByText(/prediction less target: \d.* dB on average/).waitFor();
  await shot(page, 'runs-sounds');
  assert.deepEqual(await violations(page), []);

  await page.getByRole('tab', { name: 'Pictures' }).click();
  await page.getByRole('button', { name: /Compare .*target/ }).click();
  await page.getByRole('button', { name: /Compare .*prediction/ }).click();
  await page.getByRole('img', { name: /^Difference of/ }).waitFor();
  await page.getByText('% on average').waitFor();
  await shot(page, 'runs-pictures');
  assert.deepEqual(await violations(page), []);
  await page.getByRole('tab', { name: 'Parameters' }).click();
  await page.getByRole('rowheader', { name: 'train/loss' }).waitFor();
  await done(page);
});

test('histograms are drawn over all steps and for the one that is looked at, texts as they were written', async () => {
  const page = await open(running, 'runs.html?runs=slow&tab=histograms');
  await page.getByRole('img', { name: /weights\/decoder: 4 histograms, steps 0 to 300/ }).waitFor();
  await page.getByRole('img', { name: /^Step 300: .* values from .*, mean 1.5/ }).waitFor();
  const colours = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.course canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  assert.ok(colours > 10, `${colours} colours`);
  await shot(page, 'runs-histograms');
  assert.deepEqual(await violations(page), []);
  const box = (await page.locator('.course canvas').boundingBox())!;
  await page.mouse.click(box.x + 5, box.y + 40); // the first of four columns
  await page.getByRole('img', { name: /^Step 0: .*mean 0/ }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('step'), '0');

  await page.getByRole('tab', { name: 'Texts' }).click();
  await page.getByText('begun with <b>care</b>').waitFor();
  await page.getByRole('slider', { name: 'Step' }).press('End');
  await page.getByText('after 300 steps').waitFor();
  await shot(page, 'runs-texts');
  assert.deepEqual(await violations(page), []);
  await done(page);
});

test('every value can be taken away as CSV', async () => {
  const text = await (await fetch(`${running.url}api/runs/slow/export.csv`)).text();
  assert.equal(text.trim().split('\n').length, 1 + 400 + 400 + 1);
});
