/** A listening test taken from consent to thanks in a real browser, against the real server on a real study. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { done, json, open, program, shot, start, violations, type Running } from './harness.ts';
import { writeStudy } from './study_folder.ts';

let running: Running;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soundalike-study-'));
  running = await start(['--study', await writeStudy(folder)]);
});
after(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

interface Stored { events: { client_seq: number; type: string; body: Record<string, unknown> }[] }
const stored = (code: string) => json<Stored>(running.url, `api/study/tones/sessions/${code}/export`);
const codeOf = (page: Page) => new URL(page.url()).searchParams.get('session')!;
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

async function begin(page: Page): Promise<void> {
  await page.getByRole('checkbox').check();
  await button(page, 'Begin').click();
}

async function answerFirst(page: Page): Promise<void> {
  await page.getByText('now and then').click();
  await button(page, 'Go on').click();
}

async function setLevel(page: Page): Promise<void> {
  await page.getByText('Headphones').click();
  await button(page, 'Go on').click();
}

/** Rates every signal of a page by keyboard: A hears the first, arrows move its scale. */
async function rateAll(page: Page, highest = 100): Promise<void> {
  const count = await page.locator('.items .scale').count();
  for (let n = 0; n < count; ++n) {
    await page.keyboard.press(String.fromCharCode(97 + n));
    await page.keyboard.press('End');
    for (let k = 0; k < n; ++k) await page.keyboard.press('PageDown');
    if (highest < 100) await page.keyboard.press('PageDown');
  }
}

/** Until a page of the test has its sounds. */
async function loaded(page: Page, number: number): Promise<void> {
  await page.getByText(`age ${number} of 5`).waitFor(); // "Page" or "Practice, page"
  await page.locator('.listen-bar').waitFor();
}

const next = (page: Page) => button(page, 'Next').click();

test('a listener gets through the whole test, and all of it is stored', async () => {
  const page = await open(running, 'study.html?study=tones');
  await page.getByText('take part of my own free will').waitFor();
  await shot(page, 'study-consent');
  assert.deepEqual(await violations(page), []);
  await begin(page);

  await page.getByText('About you').waitFor();
  assert.ok(await button(page, 'Go on').isDisabled(), 'a needed question is open');
  await page.getByLabel('How old are you?').fill('7');
  await page.getByLabel('How old are you?').blur();
  await page.getByText('Please give from 16 to 99').waitFor();
  await page.getByLabel('How old are you?').fill('33');
  await page.getByText('Please give').waitFor({ state: 'detached' }); // right at once, not only when the field is left
  await shot(page, 'study-questions');
  assert.deepEqual(await violations(page), []);
  await answerFirst(page);

  await page.getByText('Set your level').waitFor();
  await button(page, 'Play a sound of the test').click();
  await shot(page, 'study-level');
  assert.deepEqual(await violations(page), []);
  await setLevel(page);

  await page.getByText('Practice: these answers do not count').waitFor();
  assert.ok(await button(page, 'Next').isDisabled(), 'the practice cannot be skipped');
  const scales = page.locator('.items .scale');
  assert.equal(await page.locator('.scale[aria-disabled="false"]').count(), 0);
  await button(page, 'Play the reference').click();
  assert.equal(await page.locator('.scale[aria-disabled="false"]').count(), 0, 'the reference is not rated');
  await button(page, 'Play B').click();
  assert.equal(await page.locator('.scale[aria-disabled="false"]').count(), 1);
  assert.equal(await scales.nth(1).getAttribute('aria-disabled'), 'false');
  assert.equal(await scales.nth(1).getAttribute('aria-valuetext'), 'not rated');
  const box = (await scales.nth(1).boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.25);
  assert.match((await scales.nth(1).getAttribute('aria-valuetext'))!, /^7[45], Good$/);
  const other = (await scales.nth(0).boundingBox())!;
  await page.mouse.click(other.x + other.width / 2, other.y + other.height * 0.25);
  assert.equal(await scales.nth(0).getAttribute('aria-valuetext'), 'not rated', 'only what sounds can be rated');
  await rateAll(page, 90);
  await page.getByText('at least one should get 100').waitFor();
  await rateAll(page);
  await shot(page, 'study-practice');
  await next(page);

  await loaded(page, 2);
  await page.locator('.items .scale').nth(5).waitFor();
  await page.keyboard.press('b');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('c');
  for (let n = 0; n < 3; ++n) await page.keyboard.press('PageUp');
  await shot(page, 'study-mushra');
  assert.deepEqual(await violations(page), []);
  await page.getByText('4 are not rated yet').waitFor();
  await rateAll(page);
  await button(page, 'Comment').click();
  await page.getByLabel('Your comment').fill('C & A differ + hiss; 50 % "better"');
  await next(page);

  await loaded(page, 3);
  await page.getByRole('radio', { name: 'No preference' }).waitFor();
  assert.ok(await page.getByRole('radio', { name: 'A', exact: true }).isDisabled(), 'both must have been heard');
  await button(page, 'Play A').click();
  await button(page, 'Play B').click();
  await page.getByRole('radio', { name: 'No preference' }).click();
  await shot(page, 'study-pair');
  assert.deepEqual(await violations(page), []);
  await next(page);

  await loaded(page, 4);
  for (const key of ['a', 'b', 'x']) await page.keyboard.press(key);
  await page.getByRole('radio', { name: 'X is B' }).click();
  await shot(page, 'study-abx');
  assert.deepEqual(await violations(page), []);
  await next(page);

  await loaded(page, 5);
  for (const [n, key] of ['a', 'b', 'c'].entries()) {
    await page.keyboard.press(key);
    await page.getByRole('radiogroup').nth(n).getByRole('radio').nth(n + 1).click();
  }
  await shot(page, 'study-likert');
  assert.deepEqual(await violations(page), []);
  await next(page);

  await page.getByText('Almost done').waitFor();
  await page.getByText('rather', { exact: true }).click();
  await button(page, 'Go on').click();
  await page.getByText('All your answers have arrived').waitFor();
  await shot(page, 'study-finish');
  assert.deepEqual(await violations(page), []);

  const code = codeOf(page);
  const { events } = await stored(code);
  const of = (type: string) => events.filter((event) => event.type === type);
  assert.deepEqual(events.map(({ client_seq }) => client_seq), events.map((_, n) => n + 1), 'no number is missing');
  assert.deepEqual(of('choice').map(({ body }) => body.trial), [3, 4]);
  assert.equal(of('choice')[0]!.body.stimulus, null);
  assert.equal(of('trial_done').length, 5);
  assert.equal(of('comment')[0]!.body.text, 'C & A differ + hiss; 50 % "better"');
  assert.ok(of('switched').length > 10 && of('played').length > 0 && of('volume').length === 1);
  assert.equal(of('environment')[0]!.body.transducer, 'headphones');
  const last = new Map(of('rating').map(({ body }) => [body.stimulus, body.score]));
  assert.equal(last.size, 4 + 6 + 3);
  assert.deepEqual([...last.values()].slice(4, 10).sort((a, b) => Number(b) - Number(a)), [100, 90, 80, 70, 60, 50]);
  await done(page);
});

test('nothing that reaches the browser names a condition or a file', async () => {
  const page = await open(running, 'study.html?study=tones');
  const seen: string[] = [];
  page.on('response', async (response) => {
    if (!response.url().includes('/api/')) return;
    seen.push(response.url(), JSON.stringify(response.headers()));
    if (response.headers()['content-type']?.includes('json')) seen.push(await response.text().catch(() => ''));
  });
  await page.getByText('take part of my own free will').waitFor();
  await begin(page);
  await answerFirst(page);
  await setLevel(page);
  await rateAll(page);
  await next(page);
  await loaded(page, 2);
  const text = seen.join('\n');
  assert.ok(text.includes('/stimuli/'));
  assert.doesNotMatch(text, /secretgood|secretbad|hidden|anchor|\.wav/);
  await done(page);
});

test('a link goes on where the session stands, ratings and all', async () => {
  const page = await open(running, 'study.html?study=tones');
  await begin(page);
  await answerFirst(page);
  await setLevel(page);
  await page.locator('.items .scale').first().waitFor();
  await page.keyboard.press('a');
  await page.keyboard.press('End');
  await page.getByText('Saved').waitFor();
  const link = page.url().slice(running.url.length);
  const code = codeOf(page);
  const elsewhere = await open(running, link); // another browser, where nothing is known of the session
  await setLevel(elsewhere);
  assert.equal(await elsewhere.locator('.items .scale').first().getAttribute('aria-valuetext'), '100, Excellent');
  await page.close();
  await elsewhere.keyboard.press('b');
  await elsewhere.keyboard.press('Home');
  // "Saved" stood there before the key too.
  const scores = async () => (await stored(code)).events.filter(({ type }) => type === 'rating').map(({ body }) => body.score);
  for (let patience = 100; (await scores()).length < 2 && patience > 0; --patience) await elsewhere.waitForTimeout(50);
  assert.deepEqual(await scores(), [100, 0]);
  await done(elsewhere);
});

test('without a line nothing is lost: answers wait, also through a reload, and then arrive', async () => {
  const page = await open(running, 'study.html?study=tones');
  await begin(page);
  await answerFirst(page);
  await setLevel(page);
  await page.locator('.items .scale').first().waitFor();
  const code = codeOf(page);
  await page.route('**/events', (route) => route.abort());
  await page.keyboard.press('a');
  await page.keyboard.press('End');
  await page.getByText('Offline: kept on this device').waitFor();
  await shot(page, 'study-offline');
  assert.equal((await stored(code)).events.filter(({ type }) => type === 'rating').length, 0);
  await page.unroute('**/events');
  await page.reload();
  await page.getByText('Saved').waitFor();
  await page.locator('.items .scale').first().waitFor();
  await page.locator('.items .scale[aria-valuetext="100, Excellent"]').first().waitFor();
  assert.equal((await stored(code)).events.filter(({ type }) => type === 'rating').length, 1);
  page.problems.length = 0; // the requests that were cut off
  await done(page);
});

test('when the server is gone at the end the answers can be downloaded', async () => {
  const page = await open(running, 'study.html?study=tones');
  await begin(page);
  await answerFirst(page);
  await setLevel(page);
  for (let n = 1; n <= 5; ++n) {
    await loaded(page, n);
    if (n === 5) await page.route('**/api/study/**', (route) => route.abort());
    if (n <= 2) await rateAll(page);
    else {
      for (const key of ['a', 'b', 'c', 'x']) {
        await page.keyboard.press(key);
        if (n === 5 && key !== 'x') await page.locator('.item.current [role="radio"]').first().click();
      }
      if (n < 5) await page.getByRole('radio').first().click();
    }
    await next(page);
  }
  await page.getByText('Almost done').waitFor();
  await page.getByText('rather', { exact: true }).click();
  await button(page, 'Go on').click();
  await page.getByText('The server is out of reach').waitFor();
  await shot(page, 'study-gone');
  assert.deepEqual(await violations(page), []);
  const coming = page.waitForEvent('download');
  await button(page, 'Download my answers').click();
  const file = await (await coming).createReadStream();
  let text = '';
  for await (const piece of file) text += String(piece);
  const kept = JSON.parse(text) as Stored & { study: string; session: string };
  assert.equal(kept.study, 'tones');
  const there = new Set((await stored(kept.session)).events.map(({ client_seq }) => client_seq));
  const missing = kept.events.filter(({ client_seq }) => !there.has(client_seq));
  assert.ok(missing.some(({ type }) => type === 'rating') && missing.some(({ type }) => type === 'questions_done'));
  // What was downloaded goes the way of the post, while the server runs; what the page sends later is there already.
  await writeFile(join(folder, 'download.json'), text);
  execFileSync(program, ['study', 'import', folder, join(folder, 'download.json')], { stdio: 'pipe' });
  assert.deepEqual((await stored(kept.session)).events.map(({ client_seq }) => client_seq), kept.events.map(({ client_seq }) => client_seq));
  await page.unroute('**/api/study/**');
  await button(page, 'Try again now').click();
  await page.getByText('All your answers have arrived').waitFor();
  assert.equal((await stored(kept.session)).events.length, kept.events.length);
  page.problems.length = 0;
  await done(page);
});

test('a listener can take the data away and erase it', async () => {
  const page = await open(running, 'study.html?study=tones');
  await begin(page);
  const code = await page.waitForURL(/session=/).then(() => codeOf(page));
  await json(running.url, `api/study/tones/sessions/${code}/events`, [{ client_seq: 900, type: 'questions_done', body: { after: false } }]);
  for (let n = 1; n <= 5; ++n) await json(running.url, `api/study/tones/sessions/${code}/events`, [{ client_seq: 900 + n, type: 'trial_done', body: { trial: n } }]);
  await json(running.url, `api/study/tones/sessions/${code}/events`, [{ client_seq: 910, type: 'questions_done', body: { after: true } }]);
  await page.reload();
  await page.getByText('Take my data away').waitFor();
  await button(page, 'Erase my data').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Erase' }).click();
  await page.getByText('Your data is erased').waitFor();
  const answer = await fetch(`${running.url}api/study/tones/sessions/${code}`);
  assert.equal(answer.status, 404);
  await done(page);
});

test('on a phone the scales lie, and touch moves them', async () => {
  const page = await open(running, 'study.html?study=tones', { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'light' });
  await begin(page);
  await shot(page, 'study-phone-questions');
  await answerFirst(page);
  await setLevel(page);
  const scale = page.locator('.items .scale').first();
  await scale.waitFor();
  await page.getByRole('button', { name: 'Play A' }).tap();
  const box = (await scale.boundingBox())!;
  assert.ok(box.width > 3 * box.height, 'it lies');
  await page.touchscreen.tap(box.x + box.width * 0.9, box.y + box.height / 2);
  assert.match((await scale.getAttribute('aria-valuetext'))!, /^(89|90|91), Excellent$/);
  await shot(page, 'study-phone');
  assert.deepEqual(await violations(page), []);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390, 'nothing sticks out');
  await done(page);
});

test('whoever runs the test sees how far the listeners are, and gets link, tables and report', async () => {
  const page = await open(running, 'studies.html');
  await page.getByRole('heading', { name: 'How near is it?' }).waitFor();
  await page.getByText(/of \d+ sessions finished/).waitFor();
  assert.equal(await page.getByLabel('Link for listeners').inputValue(), `${running.url}study.html?study=tones`);
  assert.ok(await page.getByRole('row', { name: /finished 5 of 5/ }).count() >= 2);
  await shot(page, 'studies');
  assert.deepEqual(await violations(page), []);
  const grades = await (await fetch(`${running.url}api/study/tones/results/grades.csv`)).text();
  assert.match(grades, /secretgood/);
  const report = await fetch(`${running.url}api/study/tones/report`);
  assert.equal(report.status, 200);
  assert.match(await report.text(), /style similarity/);
  const codes = await json<unknown>(running.url, 'api/study');
  assert.doesNotMatch(JSON.stringify(codes), /"session":/, 'no code with which a session could be erased');
  await done(page);
});
