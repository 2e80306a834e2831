/**
 * Several listeners in real browsers, the server killed with SIGKILL again and again, requests dropped and their answers
 * lost: what each saw on the screen when it left a page is what is stored, once.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { program } from './harness.ts';
import { writeStudy } from './study_folder.ts';

const listeners = Number(process.env.SOUNDALIKE_LISTENERS ?? 3);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const freePort = () => new Promise<number>((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
});

function serve(port: number, study: string, folder: string): Promise<ChildProcess> {
  const server = spawn(program, ['serve', '--port', String(port), '--jobs', '1', '--no-progress', '--study', study, folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    server.stdout!.once('data', () => resolve(server));
    server.once('error', reject);
    server.once('exit', (code) => { if (code) reject(new Error(`soundalike serve ended with ${code}`)); });
  });
}

/** Opens or reloads until there is what is looked for: the server may be away, or go away while it sends the page. */
async function surely(page: Page, go: () => Promise<unknown>, selector: string): Promise<void> {
  for (;;) {
    try {
      await go();
      await page.locator(selector).waitFor({ timeout: 8000 });
      return;
    } catch {
      await pause(200);
    }
  }
}

/** Goes through the practice and the page; what was on the screen when each was left. */
async function takePart(browser: Browser, url: string, seed: number): Promise<{ code: string; shown: number[][] }> {
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const page: Page = await (await browser.newContext()).newPage();
  await page.route('**/events', async (route) => {
    const fate = random();
    if (fate < 0.05) await route.abort();
    else if (fate < 0.1) await route.fetch().then(() => route.abort(), () => route.abort()); // arrives, but the answer is lost
    else await route.continue();
  });
  await surely(page, () => page.goto(`${url}study.html?study=tones`), 'input[type="checkbox"]');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('radio', { name: 'Headphones' }).click({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Go on' }).click();
  const shown: number[][] = [];
  for (let number = 1; number <= 2; ++number) {
    await page.getByText(`age ${number} of 2`).waitFor({ timeout: 60_000 });
    await page.locator('.listen-bar').waitFor({ timeout: 60_000 });
    const scales = page.locator('.items .scale');
    const count = await scales.count();
    for (let n = 0; n < count; ++n) {
      await page.keyboard.press(String.fromCharCode(97 + n));
      await page.keyboard.press(random() < 0.5 ? 'Home' : 'End');
      for (let k = Math.floor(6 * random()); k > 0; --k) await page.keyboard.press('ArrowDown');
      await pause(150 * random());
    }
    shown.push(await scales.evaluateAll((all) => all.map((scale) => Number(scale.getAttribute('aria-valuenow')))));
    if (number === 1 && seed % 2) await surely(page, () => page.reload(), '.listen-bar'); // a browser that forgets all but its disk
    await page.getByRole('button', { name: 'Next' }).click({ timeout: 60_000 });
  }
  await page.getByText('All your answers have arrived').waitFor({ timeout: 60_000 });
  const code = new URL(page.url()).searchParams.get('session')!;
  await page.context().close();
  return { code, shown };
}

test('no answer is lost or doubled when the server is killed under several listeners on a bad line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soundalike-killed-'));
  const study = await writeStudy(join(folder, 'study'), true);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  let server = await serve(port, study, join(folder, 'workspace'));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'] });
  try {
    let over = false;
    let kills = 0;
    const all = Promise.all(Array.from({ length: listeners }, (_, n) => takePart(browser, url, 100 + n))).finally(() => { over = true; });
    const killer = (async () => {
      await pause(2500);
      while (!over && kills < 5) {
        const gone = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGKILL');
        await gone;
        ++kills;
        await pause(300);
        server = await serve(port, study, join(folder, 'workspace'));
        await pause(1800);
      }
    })();
    const results = await all;
    await killer;
    let answers = 0;
    for (const { code, shown } of results) {
      const { events } = await (await fetch(`${url}api/study/tones/sessions/${code}/export`)).json() as { events: { client_seq: number; type: string; body: { stimulus?: string; score?: number; trial?: number } }[] };
      assert.equal(new Set(events.map(({ client_seq }) => client_seq)).size, events.length);
      const last = new Map<string, number>();
      for (const { type, body } of events) if (type === 'rating') last.set(body.stimulus!, body.score!);
      assert.deepEqual([...last.values()].slice(0, 4), shown[0]);
      assert.deepEqual([...last.values()].slice(4), shown[1]);
      assert.deepEqual(events.filter(({ type }) => type === 'trial_done').map(({ body }) => body.trial), [1, 2]);
      answers += events.length;
    }
    assert.ok(kills > 0, 'the server was not killed once');
    console.log(`${listeners} browsers, ${kills} kills, ${answers} events, none lost or doubled`);
  } finally {
    await browser.close();
    server.kill('SIGINT');
    await rm(folder, { recursive: true, force: true });
  }
});
