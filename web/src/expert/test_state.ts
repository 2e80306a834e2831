/** The expert test as the server tells it (docs/http-api.md), and what has been done in this tab. */
import { signal } from '@preact/signals';
import { requestJson } from '../shared/api.ts';
import { EventQueue } from '../shared/event_queue.ts';
import { complain } from '../shared/toast.tsx';

interface Spot { x: number; y: number }
export interface Midpoint { number: number; a: Spot & { stimulus: string }; b: Spot & { stimulus: string }; c: { stimulus: string } }
export interface Prompt { number: number; text: string; start: Spot }
export interface Question { number: number; text: string }
export type Part = 'midpoint' | 'prompt' | 'question' | 'finished';

export interface ExpertState {
  session: string;
  map: string;
  effect: string;
  projection: string;
  part: Part;
  midpoints: Midpoint[];
  prompts: Prompt[];
  questions: Question[];
  answered: { midpoint: number; prompt: number; question: number };
}

export const state = signal<ExpertState | null>(null);
let queue: EventQueue | null = null;

const sessions = (map: string) => `api/expert/${encodeURIComponent(map)}/sessions`;

function enter(now: ExpertState): void {
  queue = new EventQueue(`${sessions(now.map)}/${encodeURIComponent(now.session)}/events`, now.session, localStorage);
  state.value = now;
}

export async function begin(map: string): Promise<ExpertState> {
  const now = await requestJson<ExpertState>(sessions(map), { json: {} });
  enter(now);
  return now;
}

/** Goes on where a session stands; what this browser had not sent yet is sent first. */
export async function resume(map: string, session: string): Promise<ExpertState> {
  const path = `${sessions(map)}/${encodeURIComponent(session)}`;
  const found = await requestJson<ExpertState>(path);
  enter(found);
  if (!queue!.waiting) return found;
  await queue!.flush().catch(complain);
  const now = await requestJson<ExpertState>(path);
  state.value = now;
  return now;
}

/** Notes an event; it is on its way at the next score, or within a few seconds. */
export function note(type: string, body: Record<string, unknown>): void {
  queue?.add(type, body);
}

/** Sends a score and everything before it, then goes on to what the server says comes next. */
export async function score(type: string, body: Record<string, unknown>): Promise<void> {
  queue!.add(type, body);
  const answer = await queue!.flush() as { state?: ExpertState } | null;
  const now = state.value!;
  state.value = answer?.state ?? await requestJson<ExpertState>(`${sessions(now.map)}/${encodeURIComponent(now.session)}`);
}

export const stimulus = (id: string): string =>
  `${sessions(state.value!.map)}/${encodeURIComponent(state.value!.session)}/stimuli/${encodeURIComponent(id)}`;

setInterval(() => { if (queue?.waiting) queue.flush().catch(() => {}); }, 4000);
addEventListener('pagehide', () => queue?.leave());
