/** The expert test from the first page to the exported columns. */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { boxOf, done, json, makeMap, open, shot, start, violations, type Running, until } from './harness.ts';

let running: Running;
let map: string;
before(async () => {
  running = await start();
  ({ map } = await makeMap(running.url, 200));
});
after(() => running.close());

test('one person alone gets through all three parts, and the answers are in the export', async () => {
  const page = await open(running, `expert.html?map=${map}`);
  await page.getByRole('button', { name: 'Begin' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Begin' }).click();

  const rows = { midpoint: 0, prompt: 0, question: 0 };
  const part = async () => page.locator('.test h1').innerText();
  await page.locator('.test h1', { hasText: 'Half way' }).waitFor();
  for (let title = await part(); title.startsWith('Half way'); ++rows.midpoint) {
    assert.ok(await page.getByRole('button', { name: 'C', exact: true }).isDisabled(), 'C waits until one knows what to expect');
    for (const letter of ['A', 'B']) {
      const heard = page.waitForResponse((response) => response.url().includes('/stimuli/'));
      await page.getByRole('button', { name: letter, exact: true }).click();
      assert.ok((await heard).ok());
    }
    await page.getByRole('button', { name: 'I know what to expect' }).click();
    await page.getByRole('button', { name: 'C', exact: true }).click();
    await page.locator('.scale label').nth(6).click();
    if (rows.midpoint === 0) {
      await shot(page, 'expert-midpoint');
      assert.deepEqual(await violations(page), []);
    }
    await page.getByRole('button', { name: 'Next' }).click();
    await until(page, (old) => document.querySelector('.test h1')!.textContent !== old, title);
    title = await part();
  }

  await page.reload(); // the address brings one back to where one was
  await page.locator('.test h1', { hasText: 'Find it' }).waitFor();
  for (let title = await part(); title.startsWith('Find it'); ++rows.prompt) {
    await page.locator('.map-canvas').waitFor();
    await page.waitForTimeout(300);
    const box = await boxOf(page, '.map-canvas');
    await page.mouse.click(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await page.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.5);
    await page.getByText('2 attempts').waitFor();
    await page.getByRole('button', { name: 'This is it' }).click();
    await page.locator('.scale label').nth(8).click();
    if (rows.prompt === 0) {
      await shot(page, 'expert-prompt');
      assert.deepEqual(await violations(page), []);
    }
    await page.getByRole('button', { name: 'Next' }).click();
    await until(page, (old) => document.querySelector('.test h1')!.textContent !== old, title);
    title = await part();
  }

  for (let title = await part(); title.startsWith('Questions'); ++rows.question) {
    await page.locator('.scale label').nth(9).click();
    await page.getByLabel('Comment, if you like').fill('fine, "really"');
    await page.getByRole('button', { name: 'Next' }).click();
    await until(page, (old) => document.querySelector('.test h1')!.textContent !== old, title);
    title = await part();
  }
  await page.getByText('Thank you').waitFor();
  assert.deepEqual(await violations(page), []);

  const csv = async (name: string) => (await (await fetch(`${running.url}api/expert/${map}/export/${name}.csv`)).text()).trim().split('\n');
  const [one, two, last] = [await csv('test1'), await csv('test2'), await csv('final')];
  assert.ok(one[0]!.startsWith('effect,a,b,example_num,score,comments'), one[0]);
  assert.ok(two[0]!.startsWith('effect,prompt_text,prompt_num,num_attempts,score,id_chosen,comments'), two[0]);
  assert.ok(last[0]!.startsWith('effect,question_text,question_num,score,comments'), last[0]);
  assert.deepEqual([one.length - 1, two.length - 1, last.length - 1], [rows.midpoint, rows.prompt, rows.question]);
  assert.equal(rows.question, 6);
  await done(page);
});

interface Kept { type: string; body: { number: number; points?: [number, number, number][]; x?: number; y?: number } }

test('every move of the pointer while one looks for a sound is on the disk of the server, in its order', async () => {
  const sessions = `api/expert/${map}/sessions`;
  const { session, midpoints } = await json<{ session: string; midpoints: { number: number }[] }>(running.url, sessions, { midpoints: 1, prompts: ['much brighter'] });
  await json(running.url, `${sessions}/${session}/events`,
    [{ client_seq: 1, type: 'score_midpoint', body: { number: midpoints[0]!.number, score: 5, comment: '' } }]);
  const page = await open(running, `expert.html?map=${map}&session=${session}`);
  await page.locator('.test h1', { hasText: 'Find it' }).waitFor();
  await page.locator('.map-canvas').waitFor();
  await page.waitForTimeout(300);
  const box = await boxOf(page, '.map-canvas');
  // What the page itself hears of the pointer, on the coordinates of the map.
  await page.evaluate(() => {
    const heard: [string, number, number][] = [];
    (window as unknown as { heard: typeof heard }).heard = heard;
    const canvas = document.querySelector<HTMLElement>('.map-canvas')!;
    let pressed = false;
    for (const type of ['pointerdown', 'pointermove', 'pointerup'] as const) {
      canvas.addEventListener(type, (event) => {
        if (type === 'pointerdown') pressed = true;
        if (!pressed) return;
        if (type === 'pointerup') pressed = false;
        const { left, top } = canvas.getBoundingClientRect();
        const stage = (window as unknown as { soundalikeStage: { position: (x: number, y: number) => [number, number] } }).soundalikeStage;
        heard.push([type, ...stage.position(event.clientX - left, event.clientY - top)]);
      });
    }
  });
  const at = (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y];
  await page.mouse.move(...at(0.3, 0.4));
  await page.mouse.down();
  for (let n = 1; n <= 80; ++n) await page.mouse.move(...at(0.3 + 0.004 * n, 0.4 + 0.001 * n)); // more than one packet of them
  await page.mouse.up();
  await page.mouse.click(...at(0.5, 0.6));
  await page.getByText('2 attempts').waitFor();
  const heard = await page.evaluate('heard') as [string, number, number][];
  await page.getByRole('button', { name: 'This is it' }).click();
  await page.locator('.scale label').nth(8).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.locator('.test h1', { hasText: 'Questions' }).waitFor();

  const folder = join(running.folder, 'expert');
  assert.ok((await readdir(folder)).includes(`${session}.jsonl`));
  const kept = (await readFile(join(folder, `${session}.jsonl`), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Kept);
  const moves = kept.filter(({ type }) => type === 'pointer').flatMap(({ body }) => body.points!);
  assert.ok(heard.length > 60 && moves.length === heard.length, `${moves.length} of ${heard.length} moves are kept`);
  const near = (a: number, b: number) => Math.abs(a - b) < 1e-6 * (1 + Math.abs(b));
  moves.forEach(([time, x, y], n) => {
    assert.ok(near(x, heard[n]![1]) && near(y, heard[n]![2]), `move ${n} is where the pointer was`);
    assert.ok(n === 0 || time >= moves[n - 1]![0], `move ${n} is after the one before`);
  });
  const attempts = kept.filter(({ type }) => type === 'attempt').map(({ body }) => body);
  const presses = heard.filter(([type]) => type === 'pointerdown');
  assert.deepEqual(attempts.map(({ x, y }) => [x, y].map((value) => value!.toFixed(5))), presses.map(([, x, y]) => [x, y].map((value) => value.toFixed(5))));
  await done(page);
});
