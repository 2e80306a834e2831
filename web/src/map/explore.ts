/** Moving about: a place on the map becomes settings, settings become a place, both become sound at once. */
import type { Favourite } from '../shared/api_types.ts';
import { api } from '../shared/api.ts';
import { Latest } from '../shared/latest.ts';
import { complain } from '../shared/toast.tsx';
import { back, canGoBack, canGoForward, current, forward, goTo, visit } from './history.ts';
import {
  clip, cursor, effect, history, map, neighbours, projection, settings, texts, type Place, type Step,
} from './session.ts';
import * as sound from './sound.ts';
import { afterSound, soundIsThere } from './sound_first.ts';

/** Whether the map was made from the clip that is heard: then the server renders from the place itself. */
const sameClip = (): boolean => map.value !== null && clip.value?.id === map.value.audio;

interface Move { place: Place; begun: number | null; urgent: boolean; render: boolean }

let located: Place | null = null; // whose settings the knobs show
let ended = false; // the gesture is over: history keeps the place as soon as it is located

const locating = new Latest<Move>(async ({ place, begun, urgent, render }, signal) => {
  const found = await api.locate(map.value!.id, projection.value!.name, place.x, place.y, signal);
  if (signal.aborted) return;
  if (render) renderSettings(found.settings, begun, urgent);
  afterSound(() => {
    if (signal.aborted) return;
    settings.value = found.settings;
    texts.value = found.texts;
    neighbours.value = found.neighbours;
    located = place;
    if (ended && place === cursor.value) remember('Point', { settings: found.settings, place });
  });
}, complain);

const placing = new Latest<number[]>(async (wanted, signal) => {
  const place = await api.place(map.value!.id, projection.value!.name, { settings: wanted }, signal);
  if (!signal.aborted) cursor.value = place;
}, complain);

const naming = new Latest<number[]>(async (wanted, signal) => {
  const found = await api.texts(effect.value!.id, wanted, signal);
  if (!signal.aborted) texts.value = found;
}, complain);

function renderSettings(wanted: readonly number[], begun: number | null, urgent: boolean): void {
  if (!effect.value || !clip.value) return;
  sound.ask({ effect: effect.value.id, audio: clip.value.id, settings: wanted }, begun, urgent);
}

function remember(label: string, { settings: wanted, place }: { settings: number[]; place: Place | null }): void {
  const step: Step = { label, settings: wanted, place };
  const now = current(history.value);
  if (now && now.settings.every((value, n) => value === wanted[n]) && now.place?.x === place?.x && now.place?.y === place?.y) return;
  history.value = visit(history.value, step);
}

/** Goes to a place on the map. `first`: a new gesture; `last`: its end, which history keeps. */
export function goToPlace(place: Place, { begun = null, first = true, last = true }: { begun?: number | null; first?: boolean; last?: boolean } = {}): void {
  if (!map.value || !projection.value) return;
  if (!first) soundIsThere();
  placing.drop();
  const direct = sameClip();
  if (direct) sound.ask({ map: map.value.id, projection: projection.value.name, x: place.x, y: place.y }, begun, first);
  afterSound(() => {
    cursor.value = place;
    ended = last;
    locating.ask({ place, begun, urgent: first, render: !direct }, first);
  });
}

/** The end of a drag that already went to its last place. */
export function endMove(): void {
  afterSound(() => {
    ended = true;
    if (located && located === cursor.value) remember('Point', { settings: settings.value, place: located });
  });
}

export function setKnob(index: number, value: number, { begun = null, first = true, last = true }: { begun?: number | null; first?: boolean; last?: boolean } = {}): void {
  soundIsThere(); // what an earlier gesture left undone
  const wanted = settings.value.slice();
  wanted[index] = Math.max(0, Math.min(1, value));
  locating.drop();
  renderSettings(wanted, begun, first);
  settings.value = wanted;
  neighbours.value = [];
  if (last) remember(effect.value?.parameters[index]?.name ?? 'Knob', { settings: wanted, place: cursor.value });
  afterSound(() => {
    naming.ask(wanted);
    if (map.value) placing.ask(wanted);
  });
}

/** Takes settings as they are: a favourite, a step back, what a match found. */
export function take(label: string, wanted: number[], place: Place | null, { begun = null, keep = true }: { begun?: number | null; keep?: boolean } = {}): void {
  soundIsThere();
  locating.drop();
  renderSettings(wanted, begun, true);
  settings.value = wanted.slice();
  neighbours.value = [];
  if (place) cursor.value = place;
  if (keep) remember(label, { settings: wanted, place });
  afterSound(() => {
    naming.ask(wanted);
    if (!place && map.value) placing.ask(wanted);
  });
}

export const takeFavourite = (favourite: Favourite, begun: number | null = null): void =>
  take(favourite.name, favourite.settings, favourite.projection === projection.value?.name && favourite.x !== null && favourite.y !== null
    ? { x: favourite.x, y: favourite.y } : null, { begun });

function show(): void {
  const step = current(history.value);
  if (step) take(step.label, step.settings, step.place, { keep: false });
}

export function undo(): void {
  soundIsThere();
  if (!canGoBack(history.value)) return;
  history.value = back(history.value);
  show();
}

export function redo(): void {
  soundIsThere();
  if (!canGoForward(history.value)) return;
  history.value = forward(history.value);
  show();
}

export function revisit(at: number): void {
  soundIsThere();
  history.value = goTo(history.value, at);
  show();
}

/** After another clip or effect: the same settings anew. */
export function renderAgain(): void {
  renderSettings(settings.value, null, true);
}
