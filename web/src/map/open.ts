/** Opening things: effects, clips, maps; and the address that brings them back. */
import { batch, effect as react } from '@preact/signals';
import { api } from '../shared/api.ts';
import type { AudioClip, Column } from '../shared/api_types.ts';
import { complain } from '../shared/toast.tsx';
import { goToPlace, renderAgain, take } from './explore.ts';
import { empty, visit } from './history.ts';
import {
  about, clip, colourBy, colourValues, cursor, effect, favourites, history, map, neighbours, pairsOpen, path, positions, projection, reference,
  referencePlace, regions, selection, settings, side, texts, view,
} from './session.ts';
import * as sound from './sound.ts';
import { readUrl, writeUrl, type UrlState } from './url_state.ts';

/** Leaves the map; effect, clip and settings stay. */
export function closeMap(): void {
  map.value = null;
  projection.value = null;
  positions.value = null;
  colourBy.value = null;
  colourValues.value = null;
  selection.value = null;
  cursor.value = null;
  neighbours.value = [];
  regions.value = [];
  path.value = [];
  referencePlace.value = null;
  view.value = null;
}

/** Chooses an effect at its defaults; a map of another one is closed. */
export async function openEffect(id: string, start?: number[]): Promise<void> {
  const found = await api.effect(id);
  const wanted = start?.length === found.parameters.length ? start : found.parameters.map((parameter) => parameter.default);
  const named = await api.texts(id, wanted);
  batch(() => {
    if (map.value && map.value.effect !== id) closeMap();
    effect.value = found;
    settings.value = wanted;
    texts.value = named;
    favourites.value = map.value?.favourites ?? [];
    history.value = visit(empty(), { label: 'Defaults', settings: wanted, place: null });
    sound.forget();
  });
  renderAgain();
}

export function openClip(found: AudioClip): void {
  batch(() => {
    clip.value = found;
    sound.forget();
  });
  if (effect.value) renderAgain();
}

export async function openMap(id: string, wanted: UrlState = {}): Promise<void> {
  const found = await api.map(id);
  if (found.effect === 'imported:') throw new Error(`cannot play the map '${found.name}': it was imported without its effect; soundalike map import -e EFFECT names it`);
  const shown = found.projections.find(({ name }) => name === wanted.projection)
    ?? found.projections.find((each) => each.default) ?? found.projections[0];
  if (!shown) throw new Error(`the map '${found.name}' has no projection`);
  const [ofEffect, ofClip, placed] = await Promise.all([
    effect.value?.id === found.effect ? effect.value : api.effect(found.effect),
    wanted.clip && wanted.clip !== found.audio ? api.clip(wanted.clip) : found.audio ? api.clip(found.audio) : clip.value,
    api.positions(id, shown.name),
  ]);
  const start = ofEffect.parameters.map((parameter) => parameter.default);
  batch(() => {
    closeMap();
    effect.value = ofEffect;
    if (ofClip && clip.value?.id !== ofClip.id) clip.value = ofClip;
    map.value = found;
    projection.value = shown;
    positions.value = placed;
    regions.value = found.regions;
    favourites.value = found.favourites;
    settings.value = start;
    texts.value = []; // they come with the settings below
    history.value = visit(empty(), { label: 'Defaults', settings: start, place: null });
    sound.forget();
  });
  const column = found.columns.find(({ name }) => name === wanted.colour)
    ?? found.columns.find(({ kind }) => kind === 'feature') ?? found.columns[0];
  if (wanted.colour === 'regions') colourBy.value = { kind: 'regions' };
  else if (column && wanted.colour !== 'none') await colourWith(column);
  const place = wanted.x !== undefined && wanted.y !== undefined ? { x: wanted.x, y: wanted.y } : null;
  if (wanted.settings?.length === start.length) take('Link', wanted.settings, place);
  else if (place) goToPlace(place);
  else take('Defaults', start, null, { keep: false });
  placeReference();
}

/** Reads a map anew after a job has added to it, and shows another projection of it. */
export async function showProjection(name: string, reread = false): Promise<void> {
  const before = map.value!;
  const found = reread ? await api.map(before.id) : before;
  const shown = found.projections.find((each) => each.name === name) ?? found.projections[0]!;
  const placed = await api.positions(found.id, shown.name);
  if (map.value?.id !== before.id) return;
  batch(() => {
    map.value = found;
    projection.value = shown;
    positions.value = placed;
    view.value = null;
    path.value = [];
    neighbours.value = [];
  });
  if (settings.value.length) {
    cursor.value = await api.place(found.id, shown.name, { settings: settings.value });
  }
  placeReference();
}

export async function colourWith(column: Column | null): Promise<void> {
  if (!column) {
    batch(() => { colourBy.value = null; colourValues.value = null; });
    return;
  }
  const of = map.value!.id;
  const values = await api.column(of, column.name);
  if (map.value?.id === of) batch(() => { colourBy.value = { kind: 'column', column }; colourValues.value = values; });
}

export function placeReference(): void {
  const [onMap, target, shown] = [map.value, reference.value, projection.value];
  referencePlace.value = null;
  if (!onMap || !target || !shown) return;
  api.place(onMap.id, shown.name, { audio: target.id }).then((place) => {
    if (reference.value === target && projection.value === shown) referencePlace.value = place;
  }, complain);
}

export function openReference(found: AudioClip | null): void {
  batch(() => {
    reference.value = found;
    path.value = [];
    if (found) side.value = 'match'; // what one wants a reference for
  });
  placeReference();
}

/** Follows the address bar at the start, and keeps it true from then on. */
export async function boot(): Promise<void> {
  const wanted = readUrl(location.search);
  const told = api.about().then((found) => { about.value = found; });
  if (wanted.listen) sound.listen.value = wanted.listen;
  pairsOpen.value = wanted.pairs ?? false;
  const failed: unknown[] = [];
  const attempt = async (work: Promise<unknown>) => { try { await work; } catch (error) { failed.push(error); } };
  if (wanted.clip) await attempt(api.clip(wanted.clip).then((found) => { clip.value = found; }));
  if (wanted.reference) await attempt(api.clip(wanted.reference).then((found) => { reference.value = found; }));
  if (wanted.map) await attempt(openMap(wanted.map, wanted));
  await told;
  if (!map.value && wanted.effect) await attempt(openEffect(wanted.effect, wanted.settings));
  failed.forEach(complain);
  react(keepAddress);
}

const longestInAddress = 60; // knobs
let pending = 0;
function keepAddress(): void {
  const by = colourBy.value;
  const state: UrlState = {
    effect: map.value ? undefined : effect.value?.id,
    clip: clip.value && clip.value.id !== map.value?.audio ? clip.value.id : undefined,
    map: map.value?.id,
    projection: projection.value?.name,
    colour: map.value ? (by === null ? 'none' : by.kind === 'regions' ? 'regions' : by.column.name) : undefined,
    x: map.value ? cursor.value?.x : undefined,
    y: map.value ? cursor.value?.y : undefined,
    settings: effect.value && settings.value.length <= longestInAddress ? settings.value : undefined,
    reference: reference.value?.id,
    listen: sound.listen.value,
    pairs: pairsOpen.value,
  };
  // Browsers allow a hundred changes of the address in thirty seconds, a drag makes more.
  clearTimeout(pending);
  pending = window.setTimeout(() => window.history.replaceState(null, '', location.pathname + writeUrl(state) + location.hash), 350);
}
