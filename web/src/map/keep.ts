/** Favourites and regions: with the map where there is one, else in this browser. */
import { effect as react } from '@preact/signals';
import { api } from '../shared/api.ts';
import type { Favourite, Region } from '../shared/api_types.ts';
import { complain, say } from '../shared/toast.tsx';
import { hull } from './hull.ts';
import { cursor, effect, favourites, map, outline, positions, projection, regions, selection, settings } from './session.ts';

const key = (id: string) => `soundalike.favourites.${id}`;

/** Favourites of an effect without a map stay in this browser. */
react(() => {
  if (map.value || !effect.value) return;
  try {
    favourites.value = JSON.parse(localStorage.getItem(key(effect.value.id)) ?? '[]') as Favourite[];
  } catch {
    favourites.value = [];
  }
});

function keepFavourites(list: Favourite[]): void {
  favourites.value = list;
  if (map.value) api.keepFavourites(map.value.id, list).catch(complain);
  else if (effect.value) localStorage.setItem(key(effect.value.id), JSON.stringify(list));
}

export function pin(): void {
  if (!effect.value) return;
  const taken = new Set(favourites.value.map(({ name }) => name));
  let number = favourites.value.length + 1;
  while (taken.has(`Favourite ${number}`)) ++number;
  const favourite: Favourite = {
    id: Math.random().toString(36).slice(2, 10), name: `Favourite ${number}`, settings: settings.value.slice(),
    x: cursor.value?.x ?? null, y: cursor.value?.y ?? null, projection: projection.value?.name ?? null,
  };
  keepFavourites([...favourites.value, favourite]);
  say(`Pinned as ${favourite.name}`);
}

export const rename = (id: string, name: string): void =>
  keepFavourites(favourites.value.map((each) => (each.id === id ? { ...each, name: name.trim() || each.name } : each)));
export const unpin = (id: string): void => keepFavourites(favourites.value.filter((each) => each.id !== id));

function keepRegions(list: Region[]): void {
  regions.value = list;
  if (map.value) api.keepRegions(map.value.id, list).catch(complain);
}

/** Names the points that are selected now. */
export function addRegion(name: string): void {
  if (!selection.value || !positions.value || !projection.value) return;
  const points = [...selection.value];
  const around = outline.value ?? hull(points, positions.value); // a brush over other axes has no outline here
  keepRegions([...regions.value, {
    name: name.trim() || `Region ${regions.value.length + 1}`, points, projection: projection.value.name,
    outline: Array.from({ length: around.length >> 1 }, (_, n) => [around[2 * n]!, around[2 * n + 1]!]),
  }]);
  selection.value = null;
  outline.value = null;
}

export const renameRegion = (index: number, name: string): void =>
  keepRegions(regions.value.map((each, n) => (n === index ? { ...each, name: name.trim() || each.name } : each)));
export const removeRegion = (index: number): void => keepRegions(regions.value.filter((_, n) => n !== index));
