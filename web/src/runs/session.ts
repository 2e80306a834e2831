/** What the runs page shows, kept in its address, and what the server said so far. */
import { computed, effect, signal } from '@preact/signals';
import { follow } from '../shared/event_stream.ts';
import { complain } from '../shared/toast.tsx';
import type { XAxis } from './curve.ts';
import { runsApi, type RunInfo, type RunRow, type Scalars } from './runs_api.ts';

const tabs = ['curves', 'sounds', 'pictures', 'histograms', 'texts', 'parameters', 'about'] as const;
export type Tab = (typeof tabs)[number];

const query = new URLSearchParams(location.search);
const numberOf = (key: string): number | null => (query.get(key) === null || !Number.isFinite(Number(query.get(key))) ? null : Number(query.get(key)));

export const runs = signal<RunRow[] | null>(null);
/** Ids of the runs shown; null: the newest one. */
export const chosen = signal<string[] | null>(query.get('runs')?.split(',').filter(Boolean).map(decodeURIComponent) ?? null);
export const tab = signal<Tab>(tabs.find((name) => name === query.get('tab')) ?? 'curves');
export const filter = signal(query.get('filter') ?? '');
export const smoothing = signal(Math.min(0.99, Math.max(0, numberOf('smooth') ?? 0)));
export const xAxis = signal<XAxis>((['relative', 'time'] as const).find((name) => name === query.get('x')) ?? 'step');
export const logX = signal(query.has('logx'));
export const logY = signal(query.has('logy'));
export const zoom = signal<[number, number] | null>(numberOf('from') !== null && numberOf('to') !== null ? [numberOf('from')!, numberOf('to')!] : null);
export const step = signal<number | null>(numberOf('step'));
/** Limits of the y axis by tag, where somebody set them. */
export const limits = signal<Record<string, [number | null, number | null]>>({});

export const infos = signal<Record<string, RunInfo>>({});
/** Grows with every change of a run, so that what shows it asks again. */
export const versions = signal<Record<string, number>>({});

export const shown = computed<RunRow[]>(() => {
  const all = runs.value ?? [];
  if (chosen.value) return all.filter(({ id }) => chosen.value!.includes(id));
  return [...all].sort((a, b) => (b.started ?? 0) - (a.started ?? 0)).slice(0, 1);
});

/** A colour stays with its run, whichever others are shown. */
export const colourIndex = (id: string): number => Math.max(0, (runs.value ?? []).findIndex((run) => run.id === id));

export function toggle(id: string): void {
  const now = shown.value.map((run) => run.id);
  chosen.value = now.includes(id) ? now.filter((other) => other !== id) : [...now, id];
}

effect(() => {
  const next = new URLSearchParams();
  if (chosen.value) next.set('runs', chosen.value.map(encodeURIComponent).join(','));
  if (tab.value !== 'curves') next.set('tab', tab.value);
  if (filter.value) next.set('filter', filter.value);
  if (smoothing.value) next.set('smooth', String(smoothing.value));
  if (xAxis.value !== 'step') next.set('x', xAxis.value);
  if (logX.value) next.set('logx', '');
  if (logY.value) next.set('logy', '');
  if (zoom.value) { next.set('from', String(Number(zoom.value[0].toPrecision(7)))); next.set('to', String(Number(zoom.value[1].toPrecision(7)))); }
  if (step.value !== null) next.set('step', String(step.value));
  const text = next.toString().replaceAll('%2C', ',').replace(/=(?=&|$)/g, '');
  history.replaceState(null, '', text ? `?${text}` : location.pathname);
});

async function refreshInfo(id: string): Promise<void> {
  const info = await runsApi.info(id);
  infos.value = { ...infos.value, [id]: info };
  versions.value = { ...versions.value, [id]: (versions.value[id] ?? 0) + 1 };
}

async function refresh(changed: string[] | null): Promise<void> {
  runs.value = await runsApi.list();
  const wanted = shown.value.map(({ id }) => id).filter((id) => changed?.includes(id) || !infos.value[id]);
  await Promise.all(wanted.map(refreshInfo));
}

let stop = () => {};
export function boot(): void {
  refresh([]).catch(complain);
  stop();
  stop = follow(runsApi.events, { runs: ({ changed }: { changed: string[] }) => { refresh(changed).catch(complain); } });
  effect(() => { for (const { id } of shown.value) if (!infos.peek()[id]) refreshInfo(id).catch(complain); });
  // Files that are still being read: the rows say how far, so ask again, as long as it goes on.
  let read = -1;
  setInterval(() => {
    const now = (runs.value ?? []).reduce((sum, run) => sum + (run.read_bytes ?? run.bytes), 0);
    const behind = runs.value?.some((run) => (run.read_bytes ?? run.bytes) < run.bytes);
    if (behind && now !== read) refresh(shown.value.map(({ id }) => id)).catch(complain);
    read = now;
  }, 1500);
}

/** All tags of a kind in the shown runs that fit the filter, in order. */
export function tagsOf(kind: string, fits: (tag: string) => boolean): string[] {
  const all = new Set<string>();
  for (const { id } of shown.value) for (const row of infos.value[id]?.tags ?? []) if (row.kind === kind && fits(row.tag)) all.add(row.tag);
  return [...all].sort();
}

export const has = (id: string, tag: string, kind: string): boolean => infos.value[id]?.tags.some((row) => row.tag === tag && row.kind === kind) ?? false;

const kept = new Map<string, { version: number; points: Promise<Scalars> }>();
/** The points of a curve, asked for once per change of the run. */
export function scalars(id: string, tag: string): Promise<Scalars> {
  const key = `${id}\n${tag}`;
  const version = versions.value[id] ?? 0;
  const found = kept.get(key);
  if (found?.version === version) return found.points;
  const points = runsApi.scalars(id, tag);
  kept.set(key, { version, points });
  points.catch(() => kept.delete(key));
  return points;
}
