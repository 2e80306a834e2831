/**
 * A listener's way through a study. The server says where the session stands; while it is out of reach the page goes on
 * as far as it can without it, and everything waits in the outbox.
 */
import { computed, signal } from '@preact/signals';
import { ApiError } from '../shared/api.ts';
import { openStore } from '../shared/event_store.ts';
import { mayPass, Outbox } from '../shared/outbox.ts';
import { studyApi } from './study_api.ts';
import type { SessionState, Stage, StudyInfo, Trial } from './study_types.ts';

const query = new URLSearchParams(location.search);
export const studyName = query.get('study') ?? '';

export const info = signal<StudyInfo | null>(null);
export const state = signal<SessionState | null>(null);
export const outbox = signal<Outbox | null>(null);
export const failure = signal<{ title: string; text: string } | null>(null);
/** Between two pages, for lack of an answer: since when. */
export const stuck = signal<number | null>(null);
export const busy = signal(false);

const code = () => state.value!.session;
const key = `soundalike.study.${studyName}`;
/** The session that was begun in this browser, offered when the page is opened without one. */
export const earlier = signal<string | null>(null);

const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks until the server answers at all. */
export async function surely<T>(ask: () => Promise<T>): Promise<T> {
  for (let wait = 500; ; wait = Math.min(8000, wait * 2)) {
    try {
      const answer = await ask();
      stuck.value = null;
      return answer;
    } catch (error) {
      if (!mayPass(error)) throw error;
      stuck.value ??= Date.now();
      await Promise.race([delay(wait), new Promise((resolve) => { wake = resolve as () => void; })]);
    }
  }
}
let wake = () => {};

function fail(error: unknown): void {
  const gone = error instanceof ApiError && error.status === 404;
  failure.value = {
    title: gone ? 'There is nothing at this link' : 'This page cannot go on',
    text: gone ? `${(error as Error).message} Please check the link, or ask whoever sent it.` : (error as Error).message,
  };
}

export async function boot(): Promise<void> {
  window.addEventListener('online', retry);
  const leave = () => { if (document.visibilityState === 'hidden') outbox.value?.leave(); };
  document.addEventListener('visibilitychange', leave);
  window.addEventListener('pagehide', () => outbox.value?.leave());
  try {
    if (!studyName) throw new ApiError('not_found', 'The link names no study.', 404);
    info.value = await surely(() => studyApi.info(studyName));
    document.title = info.value.title || info.value.name;
    const session = query.get('session');
    if (session) await resume(session);
    else earlier.value = localStorage.getItem(key);
  } catch (error) {
    fail(error);
  }
}

export function retry(): void {
  wake();
  outbox.value?.retry();
}

export async function resume(session: string): Promise<void> {
  try {
    await enter(session);
  } catch (error) {
    localStorage.removeItem(key);
    fail(error);
  }
}

async function enter(session: string): Promise<void> {
  const box = new Outbox(await openStore(), session, (events, keepalive) => studyApi.post(studyName, session, events, keepalive));
  const found = await surely(() => studyApi.state(studyName, session));
  await box.open(found.next_seq);
  outbox.value = box;
  earlier.value = null;
  localStorage.setItem(key, session);
  const link = new URL(location.href);
  link.searchParams.set('session', session);
  history.replaceState(null, '', link);
  state.value = found;
  if (!box.saved.value) await refresh(); // what an earlier visit left may move the session on
}

/** The consent: only now there is a session. */
export async function agree(): Promise<void> {
  busy.value = true;
  try {
    if (!state.value) {
      const { session } = await surely(() => studyApi.begin(studyName));
      await enter(session);
    }
    await outbox.value!.put('consent', { agreed: true });
    await refresh();
  } catch (error) {
    fail(error);
  } finally {
    busy.value = false;
  }
}

export function note(type: string, body: Record<string, unknown>): void {
  void outbox.value?.put(type, { ...body, t: Math.round(performance.now()) });
}

export async function answer(question: string, value: string | number): Promise<void> {
  state.value = { ...state.value!, answers: { ...state.value!.answers, [question]: value } };
  await outbox.value!.put('answer', { question, value });
}

export async function rate(stimulus: string, score: number): Promise<void> {
  const now = state.value!;
  state.value = { ...now, trial: { ...now.trial!, ratings: { ...now.trial!.ratings, [stimulus]: score } } };
  await outbox.value!.put('rating', { stimulus, score });
}

export async function choose(stimulus: string | null): Promise<void> {
  const now = state.value!;
  state.value = { ...now, trial: { ...now.trial!, chosen: true, choice: stimulus } };
  await outbox.value!.put('choice', { trial: now.trial!.number, stimulus });
}

export async function questionsDone(after: boolean): Promise<void> {
  busy.value = true;
  await outbox.value!.put('questions_done', { after });
  await refresh();
  busy.value = false;
}

export async function trialDone(trial: Trial, seconds: number): Promise<void> {
  busy.value = true;
  await agreeWithServer(trial);
  await outbox.value!.put('trial_done', { trial: trial.number, seconds: Math.round(10 * seconds) / 10 });
  await refresh();
  busy.value = false;
}

// Two devices on one session may have given the same number to different events, of which the server keeps the first:
// what it has is compared with what this page shows, and sent again where it differs.
async function agreeWithServer(trial: Trial): Promise<void> {
  const box = outbox.value!;
  try {
    await box.flush();
    const there = await studyApi.state(studyName, code());
    box.atLeast(there.next_seq);
    if (there.trial?.number !== trial.number) return;
    for (const [stimulus, score] of Object.entries(trial.ratings)) {
      if (there.trial.ratings[stimulus] !== score) await box.put('rating', { stimulus, score });
    }
    if (trial.chosen && (!there.trial.chosen || there.trial.choice !== trial.choice)) {
      await box.put('choice', { trial: trial.number, stimulus: trial.choice });
    }
  } catch { /* out of reach: it all waits in the outbox */ }
}

/** On to wherever the session stands now. */
async function refresh(): Promise<void> {
  try {
    await outbox.value!.flush();
    state.value = await studyApi.state(studyName, code());
    outbox.value!.atLeast(state.value.next_seq);
    return;
  } catch (error) {
    if (!mayPass(error)) { fail(error); return; }
  }
  const local = withoutServer(state.value!, info.value!);
  if (local) {
    state.value = local;
    return;
  }
  try {
    state.value = await surely(async () => {
      await outbox.value!.flush();
      return studyApi.state(studyName, code());
    });
  } catch (error) {
    fail(error);
  }
}

/** Where a session goes from its page without asking; null where only the server knows. */
export function withoutServer(now: SessionState, study: StudyInfo): SessionState | null {
  const asks = (after: boolean) => study.questions.some((question) => question.after === after);
  const to = (stage: Stage, done = now.trials_done): SessionState => ({ ...now, stage, trial: null, trials_done: done });
  if (now.stage === 'consent' && asks(false)) return to('questions');
  if (now.trial && now.trial.number === now.trials) return to(asks(true) ? 'questions_after' : 'finished', now.trials);
  if (now.stage === 'questions_after') return to('finished');
  return null;
}

/** All that was done on this device, as `soundalike study import` reads it. */
export async function download(): Promise<void> {
  const events = await outbox.value!.all();
  const text = JSON.stringify({ study: studyName, session: code(), events }, null, 1);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = `${studyName}-${code()}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export async function erase(): Promise<void> {
  await studyApi.erase(studyName, code());
  await outbox.value!.forget();
  localStorage.removeItem(key);
}

/** Once all is on the server nothing needs to stay in this browser. */
export async function tidy(): Promise<void> {
  await outbox.value!.forget();
  localStorage.removeItem(key);
}

export const progress = computed(() => {
  const now = state.value;
  if (!now || now.trials === 0) return 0;
  return now.stage === 'finished' ? 1 : now.trials_done / now.trials;
});
