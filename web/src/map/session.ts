/** What the map page shows, as signals: effect, clip, map, where the cursor is, what is heard. Actions stand elsewhere. */
import { computed, signal } from '@preact/signals';
import type {
  About, AudioClip, Column, Effect, Favourite, MapInfo, ParameterText, Projection, Region,
} from '../shared/api_types.ts';
import { empty, type History } from './history.ts';
import { boundsOf, type View } from './view.ts';

export interface Place { x: number; y: number }

/** A step one can come back to. */
export interface Step { label: string; settings: number[]; place: Place | null }

export type Tool = 'explore' | 'pan' | 'lasso';

export const about = signal<About | null>(null);
export const effect = signal<Effect | null>(null);
export const clip = signal<AudioClip | null>(null);
export const reference = signal<AudioClip | null>(null);

export const map = signal<MapInfo | null>(null);
export const projection = signal<Projection | null>(null);
export const positions = signal<Float32Array<ArrayBuffer> | null>(null);
export const bounds = computed(() => boundsOf(positions.value ?? new Float32Array(0)));
export const view = signal<View | null>(null); // null: the whole map
export const tool = signal<Tool>('explore');

/** What points are coloured by: a column, the user's regions, or nothing. */
export type ColourBy = { kind: 'column'; column: Column } | { kind: 'regions' } | null;
export const colourBy = signal<ColourBy>(null);
export const colourValues = signal<Float32Array<ArrayBuffer> | null>(null);

/** Points that a lasso or a brush has picked; null: none is. */
export const selection = signal<readonly number[] | null>(null);

/** The line that picked them, where a lasso did: x, y, x, y, ... on the projection shown. */
export const outline = signal<readonly number[] | null>(null);

export const cursor = signal<Place | null>(null);
/** The points the settings at the cursor were made of, with their shares; empty where they were not. */
export const neighbours = signal<{ point: number; weight: number }[]>([]);
export const settings = signal<number[]>([]);
export const texts = signal<ParameterText[]>([]);
export const history = signal<History<Step>>(empty());

export const regions = signal<Region[]>([]);
export const favourites = signal<Favourite[]>([]);

/** Where a match has been on the map, and how far from the reference each step sounded. */
export interface PathPoint extends Place { distance: number; render: number }
export const path = signal<PathPoint[]>([]);
export const referencePlace = signal<Place | null>(null);

/** Which of the large surfaces is open. */
export type Panel = 'effect' | 'clip' | 'reference' | 'map' | 'export' | 'help' | 'compare' | 'region' | null;
export const panel = signal<Panel>(null);
/** What the right panel shows. */
export const side = signal<'knobs' | 'match'>('knobs');
export const pairsOpen = signal(false);
export const drawer = signal<'left' | null>(null); // on narrow screens the left panel is one
