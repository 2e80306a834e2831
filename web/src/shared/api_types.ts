/** What the server says, as docs/http-api.md writes it. Settings are normalised to [0, 1], in parameters order. */

export interface About {
  name: string;
  version: string;
  public: boolean;
  study: boolean;
  runs: boolean;
  limits: { upload_bytes: number; upload_seconds: number; render_seconds: number };
  encoders: string[];
}

export interface EffectSummary { id: string; name: string; vendor: string; class: string; format: string; controller?: boolean }

export interface Choice { label: string; setting: number }

export interface Parameter {
  index: number;
  id: string;
  name: string;
  unit: string;
  kind: 'continuous' | 'integer' | 'choice' | 'toggle';
  low: number;
  high: number;
  log: boolean;
  default: number;
  default_text?: string;
  free: boolean;
  choices: Choice[];
}

export interface Effect extends Omit<EffectSummary, 'parameters'> { parameters: Parameter[] }

/** A setting in the plugin's own words. */
export interface ParameterText { text: string; unit: string; plain: number }

export interface AudioClip {
  id: string;
  name: string;
  channels: number;
  rate: number;
  frames: number;
  seconds: number;
  lufs: number | null;
  bundled: boolean;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Failure { code: string; message: string }

export interface JobStatus<Result = unknown> {
  id: string;
  kind: string;
  title: string;
  state: JobState;
  progress: number;
  stage: string;
  result?: Result;
  error?: Failure;
}

export interface JobProgress { state: JobState; stage: string; progress: number; note?: string }

/** A step of a match, sent each time it comes nearer. */
export interface PathStep { render: number; settings: number[]; distance: number }

export interface MatchResult {
  effect: string;
  settings: number[];
  texts: ParameterText[] | string[];
  distance: { before: number; after: number };
  kept_dry: boolean;
  renders: number;
  wall_seconds: number;
  audio: string;
}

export interface MapSummary {
  id: string;
  name: string;
  effect: string;
  effect_name: string;
  audio: string;
  points: number;
  state: string;
  created: number | string;
}

export interface Projection {
  name: string;
  trustworthiness: number | null;
  neighbours_kept: number | null;
  knob_roughness: number | null;
  default: boolean;
}

export interface Column { name: string; kind: 'knob' | 'feature' | 'label' | 'error'; unit: string; categories?: string[] }

/**
 * Points that the user drew a line around and named. The points hold in every projection; the outline, in the projection
 * it was drawn on, is what the server labels by.
 */
export interface Region { name: string; points: number[]; projection: string; outline: [number, number][] }

export interface Favourite { id: string; name: string; settings: number[]; x: number | null; y: number | null; projection: string | null }

export interface MapInfo {
  id: string;
  name: string;
  effect: string;
  audio: string | null; // imported without one
  points: number;
  projections: Projection[];
  columns: Column[];
  regions: Region[];
  favourites: Favourite[];
}

export interface Located { settings: number[]; texts: ParameterText[]; neighbours: { point: number; weight: number }[] }
