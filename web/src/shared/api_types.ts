/** What the server says, as docs/http-api.md writes it. Settings are normalised to [0, 1], in parameters order. */

export interface About { version: string }

export interface EffectSummary { id: string; name: string; vendor: string; class: string; format: string }

export interface Choice { label: string; setting: number }

export interface Parameter {
  index: number;
  id: string;
  name: string;
  unit: string;
  kind: string; // 'continuous' | 'integer' | 'choice' | 'toggle'
  low: number;
  high: number;
  log: boolean;
  default: number;
  free: boolean;
  choices: Choice[];
}

export interface Effect extends EffectSummary { parameters: Parameter[]; controller: boolean }

export interface AudioClip {
  id: string;
  name: string;
  channels: number;
  rate: number;
  frames: number;
  seconds: number;
  lufs: number;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface JobStatus {
  id: string;
  kind: string;
  state: JobState;
  progress: number;
  stage: string;
  result?: unknown;
  error?: { code: string; message: string };
}
