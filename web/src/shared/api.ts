/**
 * The client of the server's HTTP API (docs/http-api.md): one function per route, failures as ApiError.
 *
 *   const effects = await api.effects('overdrive');
 *   const { audio } = await api.render({ effect, audio: clip.id, settings });
 */
import type {
  About, AudioClip, Effect, EffectSummary, JobStatus,
} from './api_types.ts';

/** A refusal by the server, in words for people. */
export class ApiError extends Error {
  constructor(readonly code: string, message: string, readonly status: number) {
    super(message);
  }
}

const token = new URLSearchParams(globalThis.location?.search ?? '').get('token');

/** Sends a request and returns the response; throws ApiError for whatever is not a success. */
export async function request(path: string, init: RequestInit & { json?: unknown } = {}): Promise<Response> {
  const { json, headers, ...rest } = init;
  const all = new Headers(headers);
  if (token) all.set('Authorization', `Bearer ${token}`);
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

export const api = {
  about: () => requestJson<About>('api/about'),
  effects: (query = '') => requestJson<EffectSummary[]>(`api/effects?query=${segment(query)}`),
  effect: (id: string) => requestJson<Effect>(`api/effects/${segment(id)}`),
  clips: () => requestJson<AudioClip[]>('api/audio'),
  upload: (file: Blob, name: string, signal?: AbortSignal) =>
    requestJson<AudioClip>('api/audio', { method: 'POST', body: file, headers: { 'X-Name': segment(name) }, signal }),
  clipUrl: (id: string) => `api/audio/${segment(id)}`,
  jobs: () => requestJson<JobStatus[]>('api/jobs'),
  cancel: (id: string) => request(`api/jobs/${segment(id)}`, { method: 'DELETE' }),
};
