/** The expert test as the server tells it (docs/http-api.md), and what has been done in this tab. */
import { signal } from '@preact/signals';
import { requestJson } from '../shared/api.ts';
import { openStore } from '../shared/event_store.ts';
import { Outbox, type Posted } from '../shared/outbox.ts';
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
let outbox: Outbox | null = null;

const sessions = (map: string) => `api/expert/${encodeURIComponent(map)}/sessions`;

async function enter(now: ExpertState): Promise<void> {
  const path = `${sessions(now.map)}/${encodeURIComponent(now.session)}/events`;
  outbox = new Outbox(await openStore(), `expert-${now.session}`,
    (events, keepalive) => requestJson<Posted>(path, { json: events, keepalive }));
  // Numbered by the clock: a session that goes on in another browser must not use a number twice.
  await outbox.open(Date.now());
  state.value = now;
}

export async function begin(map: string): Promise<ExpertState> {
  const now = await requestJson<ExpertState>(sessions(map), { json: {} });
  await enter(now);
  return now;
}

const read = (map: string, session: string) => requestJson<ExpertState>(`${sessions(map)}/${encodeURIComponent(session)}`);

/** Goes on where a session stands; what this browser had not sent yet is sent first. */
export async function resume(map: string, session: string): Promise<ExpertState> {
  await enter(await read(map, session));
  if (!outbox!.saved.value) {
    await outbox!.flush().catch(complain);
    state.value = await read(map, session);
  }
  return state.value!;
}

/** Notes an event, which is soon on its way. */
export function note(type: string, body: Record<string, unknown>): void {
  outbox?.put(type, body).catch(complain);
}

/** Sends a score and everything before it, then goes on to what the server says comes next. */
export async function score(type: string, body: Record<string, unknown>): Promise<void> {
  const before = state.value!;
  await outbox!.put(type, body);
  await outbox!.flush();
  const now = await read(before.map, before.session);
  const total = ({ answered }: ExpertState) => answered.midpoint + answered.prompt + answered.question;
  if (total(now) === total(before)) throw new Error('the server did not take the score; please try again');
  state.value = now;
}

export const stimulus = (id: string): string =>
  `${sessions(state.value!.map)}/${encodeURIComponent(state.value!.session)}/stimuli/${encodeURIComponent(id)}`;

addEventListener('pagehide', () => outbox?.leave());
