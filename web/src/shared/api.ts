/**
 * The client of the server's HTTP API (docs/http-api.md): one function per route, failures as ApiError.
 *
 *   const effects = await api.effects('overdrive');
 *   const { audio } = await api.render({ effect, audio: clip.id, settings });
 */
import type {
  About, AudioClip, Effect, EffectSummary, Favourite, JobStatus, Located, MapInfo, MapSummary, ParameterText, Region,
} from './api_types.ts';
import { parseWav, type Wav } from './wav.ts';

/** A refusal by the server, in words for people. */
export class ApiError extends Error {
  constructor(readonly code: string, message: string, readonly status: number) {
    super(message);
  }
}

/** Sends a request and returns the response; throws ApiError for whatever is not a success. */
export async function request(path: string, init: RequestInit & { json?: unknown } = {}): Promise<Response> {
  const { json, headers, ...rest } = init;
  const all = new Headers(headers);
  if (json !== undefined) {
    all.set('Content-Type', 'application/json');
    rest.body = JSON.stringify(json);
    rest.method ??= 'POST';
  }
  let response: Response;
  try {
    response = await fetch(path, { ...rest, headers: all });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiError('unreachable', 'the server does not answer: is soundalike serve still running?', 0);
  }
  if (response.ok) return response;
  const text = await response.text();
  let code = String(response.status);
  let message = text || response.statusText;
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    ({ code, message } = error);
  } catch { /* not one of our own answers: the text as it is */ }
  throw new ApiError(code, message, response.status);
}

export async function requestJson<T>(path: string, init: RequestInit & { json?: unknown } = {}): Promise<T> {
  return (await request(path, init)).json() as Promise<T>;
}

const segment = encodeURIComponent;
const map = (id: string) => `api/maps/${segment(id)}`;
const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What to render: settings of an effect on a clip, or a place on a map. */
export type RenderTarget =
  | { effect: string; audio: string; settings: readonly number[] }
  | { map: string; projection: string; x: number; y: number };

export interface RenderOptions { match_loudness: boolean; dry_wet: number; seconds?: number }

export interface Rendered { wav: Wav; settings: number[]; pluginMs: number; serverMs: number; gainDb: number }

/** One name per tab: of this tab's renders that wait, the server does only the newest. */
const client = `tab-${Math.random().toString(36).slice(2, 12)}`;

/** A body as it comes in: in half the time of arrayBuffer(), which joins its pieces only after the last. */
async function bytesOf(response: Response): Promise<ArrayBuffer> {
  const length = Number(response.headers.get('Content-Length') ?? 'NaN');
  if (!response.body || !(length > 0)) return response.arrayBuffer();
  const bytes = new Uint8Array(length);
  const reader = response.body.getReader();
  for (let at = 0; ;) {
    const { done, value } = await reader.read();
    if (done && at === length) return bytes.buffer;
    if (done || at + value.length > length) throw new ApiError('unreachable', 'the answer of the server was cut off', 0);
    bytes.set(value, at);
    at += value.length;
  }
}

async function render(target: RenderTarget & RenderOptions, signal?: AbortSignal, lane = ''): Promise<Rendered> {
  const response = await request('api/render', { json: target, signal, headers: { 'X-Client': client + lane } });
  const header = (name: string) => Number(response.headers.get(name) ?? 'NaN');
  return {
    settings: JSON.parse(response.headers.get('X-Settings') ?? '[]') as number[],
    pluginMs: header('X-Plugin-Ms'),
    serverMs: header('X-Total-Ms'),
    gainDb: header('X-Gain-Db'),
    wav: parseWav(await bytesOf(response)),
  };
}

async function floats(path: string): Promise<Float32Array<ArrayBuffer>> {
  return new Float32Array(await (await request(path)).arrayBuffer()); // little-endian, as every browser's machine is
}

/** Waits for a job without an open stream; for short ones. */
async function ended<T>(id: string, told: (status: JobStatus<T>) => void = () => {}): Promise<JobStatus<T>> {
  for (;;) {
    const status = await requestJson<JobStatus<T>>(`api/jobs/${segment(id)}`);
    told(status);
    if (status.state !== 'queued' && status.state !== 'running') return status;
    await delay(250);
  }
}

export const api = {
  about: () => requestJson<About>('api/about'),

  effects: (query = '') => requestJson<EffectSummary[]>(`api/effects?query=${segment(query)}`),
  effect: (id: string) => requestJson<Effect>(`api/effects/${segment(id)}`),
  texts: (effect: string, settings: readonly number[], signal?: AbortSignal) =>
    requestJson<ParameterText[]>('api/texts', { json: { effect, settings }, signal }),

  clips: () => requestJson<AudioClip[]>('api/audio'),
  clip: (id: string) => requestJson<AudioClip>(`api/audio/${segment(id)}/info`),
  clipUrl: (id: string) => `api/audio/${segment(id)}`,
  sound: async (id: string) => parseWav(await (await request(`api/audio/${segment(id)}`)).arrayBuffer()),
  upload: (file: Blob, name: string, signal?: AbortSignal) =>
    requestJson<AudioClip>('api/audio', { method: 'POST', body: file, headers: { 'X-Name': segment(name) }, signal }),

  render,
  export: (what: { effect: string; settings: readonly number[]; audio?: string; kind: string; match_loudness?: boolean; dry_wet?: number; name?: string }) =>
    request('api/export', { json: what }),

  jobs: () => requestJson<JobStatus[]>('api/jobs'),
  jobEvents: (id: string) => `api/jobs/${segment(id)}/events`,
  cancel: (id: string) => request(`api/jobs/${segment(id)}`, { method: 'DELETE' }),
  ended,
  match: (what: { input: string; reference: string; effect: string; budget?: number; seed?: number }) =>
    requestJson<{ job: string }>('api/match', { json: what }),

  maps: () => requestJson<MapSummary[]>('api/maps'),
  map: (id: string) => requestJson<MapInfo>(map(id)),
  makeMap: (what: { effect: string; audio: string; points: number; sampling?: string; encoder?: string; seconds?: number; seed?: number }) =>
    requestJson<{ job: string; map: string }>('api/maps', { json: what }),
  deleteMap: (id: string) => request(map(id), { method: 'DELETE' }),
  positions: (id: string, projection: string) => floats(`${map(id)}/projection/${segment(projection)}`),
  column: (id: string, name: string) => floats(`${map(id)}/column/${segment(name)}`),
  locate: (id: string, projection: string, x: number, y: number, signal?: AbortSignal) =>
    requestJson<Located>(`${map(id)}/locate`, { json: { projection, x, y }, signal }),
  place: (id: string, projection: string, what: { settings: readonly number[] } | { audio: string }, signal?: AbortSignal) =>
    requestJson<{ x: number; y: number }>(`${map(id)}/place`, { json: { projection, ...what }, signal }),
  label: (id: string, what: { feature: string; count: number } | { regions: Omit<Region, 'points'>[] }) =>
    requestJson<{ job: string }>(`${map(id)}/labels`, { json: what }),
  keepRegions: (id: string, regions: readonly Region[]) => request(`${map(id)}/regions`, { method: 'PUT', json: regions }),
  keepFavourites: (id: string, favourites: readonly Favourite[]) => request(`${map(id)}/favourites`, { method: 'PUT', json: favourites }),
};
