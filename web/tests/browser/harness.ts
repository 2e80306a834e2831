/**
 * The real server and Debian's Chromium for the tests.
 *
 *   const { url, browser, close } = await start();
 *
 * SOUNDALIKE_BIN names the program (default: build/bin/soundalike), SOUNDALIKE_URL a server that runs already,
 * CHROMIUM the browser, SOUNDALIKE_SHOTS a folder for screenshots.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

declare global { interface ImportMeta { root: string } }

export const program = process.env.SOUNDALIKE_BIN ?? join(import.meta.root, '../build/bin/soundalike');
export const overdrive = 'lv2:http://drobilla.net/plugins/mda/Overdrive';

/** `folder` is where the server keeps everything. */
export interface Running { url: string; browser: Browser; folder: string; close: () => Promise<void> }

/** @param more options of `soundalike serve`, such as --study FOLDER. */
export async function start(more: readonly string[] = []): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'soundalike-web-'));
  let server: ChildProcess | null = null;
  let url = process.env.SOUNDALIKE_URL ?? '';
  if (!url) {
    server = spawn(program, ['serve', '--port', '0', '--no-progress', '--jobs', '2', ...more, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    url = await new Promise<string>((resolve, reject) => {
      let said = '';
      server!.stdout!.on('data', (bytes: Buffer) => {
        said += bytes.toString();
        const found = said.match(/http:\/\/[^\s]+/);
        if (found) resolve(found[0]);
      });
      server!.on('error', reject);
      server!.on('exit', (code) => reject(new Error(`soundalike serve ended with ${code}: ${said}`)));
    });
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--autoplay-policy=no-user-gesture-required'],
  });
  return {
    url, browser, folder,
    close: async () => {
      await browser.close();
      if (server) {
        const ended = new Promise((resolve) => server!.once('exit', resolve));
        server.kill('SIGINT');
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A page that fails the test for every error it logs or throws. */
export async function open({ url, browser }: Running, path = '', options: BrowserContextOptions = {}): Promise<Page & { problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: 'dark', ...options });
  const page = await context.newPage() as Page & { problems: string[] };
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const { url } = message.location();
    // Chromium logs every refusal; that a newer render took the place of one is as it should be.
    if (url.endsWith('api/render') && message.text().includes('409')) return;
    page.problems.push(`${message.text()} ${url}`);
  });
  await page.goto(url + path);
  return page;
}

/** Closes a page, and says what went wrong on it. */
export async function done(page: Page & { problems: string[] }): Promise<void> {
  await page.context().close();
  assert.deepEqual(page.problems, []);
}

export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.SOUNDALIKE_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

export async function json<T>(url: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(url + path, body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.ok(response.ok, `${path}: ${response.status} ${response.ok ? '' : await response.text()}`);
  return response.json() as Promise<T>;
}

/** A map made by the server, and the clip it is of. */
export async function makeMap(url: string, points: number, effect = overdrive): Promise<{ map: string; clip: string }> {
  const clip = (await json<{ id: string; name: string }[]>(url, 'api/audio')).find(({ name }) => name === 'voice')!.id;
  const { job, map } = await json<{ job: string; map: string }>(url, 'api/maps', { effect, audio: clip, points, seed: 1, seconds: 2 });
  for (;;) {
    const status = await json<{ state: string; error?: { message: string } }>(url, `api/jobs/${job}`);
    if (status.state === 'done') return { map, clip };
    assert.ok(status.state === 'queued' || status.state === 'running', `making a map: ${status.state} ${status.error?.message ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** axe's findings, in short. */
export async function violations(page: Page): Promise<string[]> {
  const source = await readFile(join(import.meta.root, 'node_modules/axe-core/axe.min.js'), 'utf8');
  await page.evaluate(`(() => { const module = undefined, exports = undefined; ${source}\nwindow.axe = window.axe || axe; })()`);
  const found = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })') as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary.slice(0, 160)}`));
}

/**
 * Waits until something holds on the page. Unlike waitForFunction it makes no code of text inside the page, which the
 * security policy forbids.
 */
export async function until<A>(page: Page, holds: string | ((argument: A) => unknown), argument?: A, { timeout = 30000, every = 50 } = {}): Promise<void> {
  for (const end = Date.now() + timeout; ;) {
    if (await page.evaluate(holds as never, argument as never)) return;
    assert.ok(Date.now() < end, `waited ${timeout} ms for ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** The middle of an element, for raw mouse moves. */
export async function boxOf(page: Page, selector: string): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await page.locator(selector).boundingBox();
  assert.ok(box, `${selector} is not shown`);
  return box;
}
