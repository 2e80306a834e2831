/** The routes of training runs (docs/http-api.md). */
import { requestJson } from '../shared/api.ts';

export interface RunRow {
  id: string;
  name: string;
  state: string | null;
  kind: string | null;
  started: number | null;
  steps: number | null;
  bytes: number;
  read_bytes?: number;
  problems: number;
}

export interface TagRow { tag: string; kind: 'scalar' | 'audio' | 'image' | 'histogram' | 'text' | 'other'; count: number; first_step: number; last_step: number; what?: string }
export interface RunInfo extends Omit<RunRow, 'problems'> { run: Record<string, unknown> | null; tags: TagRow[]; problems: string[] }
export interface Scalars { steps: number[]; times: (number | null)[]; values: (number | null)[] }
export interface Medium { step: number; time: number | null; seconds?: number | null; rate?: number | null; width?: number; height?: number }
export interface Histogram { step: number; time: number | null; minimum: number | null; maximum: number | null; count: number | null; sum: number | null; limits: (number | null)[]; counts: (number | null)[] }
export interface LoggedText { step: number; time: number | null; text: string }

const run = (id: string) => `api/runs/${encodeURIComponent(id)}`;
const tagged = (id: string, what: string, tag: string) => `${run(id)}/${what}?tag=${encodeURIComponent(tag)}`;

export const runsApi = {
  list: () => requestJson<RunRow[]>('api/runs'),
  info: (id: string) => requestJson<RunInfo>(run(id)),
  scalars: (id: string, tag: string) => requestJson<Scalars>(tagged(id, 'scalars', tag)),
  audio: (id: string, tag: string) => requestJson<Medium[]>(tagged(id, 'audio', tag)),
  images: (id: string, tag: string) => requestJson<Medium[]>(tagged(id, 'images', tag)),
  histograms: (id: string, tag: string) => requestJson<Histogram[]>(tagged(id, 'histograms', tag)),
  texts: (id: string, tag: string) => requestJson<LoggedText[]>(tagged(id, 'texts', tag)),
  audioUrl: (id: string, tag: string, step: number) => `${tagged(id, 'audio', tag)}&step=${step}`,
  imageUrl: (id: string, tag: string, step: number) => `${tagged(id, 'images', tag)}&step=${step}`,
  hparams: (id: string) => requestJson<Record<string, unknown>>(`${run(id)}/hparams`),
  csvUrl: (id: string) => `${run(id)}/export.csv`,
  events: 'api/runs/events',
};
