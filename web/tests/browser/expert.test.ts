/** The expert test from the first page to the exported columns. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { boxOf, done, makeMap, open, shot, start, violations, type Running, until } from './harness.ts';

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
