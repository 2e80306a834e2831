/** From the first look at the page to a preset on the disk, by nothing but what the page offers. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { boxOf, done, open, shot, start, until, violations, type Running } from './harness.ts';

let running: Running;
before(async () => { running = await start(); });
after(() => running.close());

test('one click makes a map that sounds, and what one likes becomes a preset', async () => {
  const page = await open(running);
  await page.getByRole('button', { name: 'Show me an overdrive' }).waitFor();
  await shot(page, 'newcomer-1-start');
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Show me an overdrive' }).click();
  await page.getByRole('progressbar', { name: 'Making the map' }).waitFor();
  await shot(page, 'newcomer-2-making');
  await page.getByText('Click or drag anywhere to hear it').waitFor({ timeout: 120000 });
  await page.waitForTimeout(700); // the points have come to rest
  await shot(page, 'newcomer-3-map');
  assert.deepEqual(await violations(page), []);

  const box = await boxOf(page, '.map-canvas');
  await page.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.5);
  await until(page, 'performance.getEntriesByName("click-to-sound").length > 0');
  await page.getByText('Click or drag anywhere to hear it').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await shot(page, 'newcomer-4-heard');

  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('My drive');
  await shot(page, 'newcomer-5-export');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.card', { hasText: 'LV2 preset' }).click()]);
  assert.match(download.suggestedFilename(), /My.drive.*\.zip$/);
  await page.getByText(/Saved .*unpack it into ~\/\.lv2/).waitFor();
  await shot(page, 'newcomer-6-saved');
  await done(page);
});
