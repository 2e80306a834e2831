import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rank } from '../../src/map/effect_search.ts';

const effect = (name: string, vendor = '', format = 'lv2') => ({ id: `${format}:${name}`, name, vendor, class: '', format });
const effects = [effect('Stereo Overdrive'), effect('Delay', 'mda'), effect('Overdrive', 'mda'), effect('Reverb', 'calf')];

test('every word must occur, in any field', () => {
  assert.deepEqual(rank(effects, 'mda drive').map(({ name }) => name), ['Overdrive']);
  assert.deepEqual(rank(effects, 'mda nothing'), []);
});

test('names that begin with what was typed come first', () => {
  assert.deepEqual(rank(effects, 'over').map(({ name }) => name), ['Overdrive', 'Stereo Overdrive']);
});

test('nothing typed keeps the order of the server', () => {
  assert.deepEqual(rank(effects, '  '), effects);
});
