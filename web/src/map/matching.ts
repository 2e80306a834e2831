/** A match as a job: its progress, its path over the map, what it found. */
import { signal } from '@preact/signals';
import { api } from '../shared/api.ts';
import type { JobProgress, JobStatus, MatchResult, PathStep } from '../shared/api_types.ts';
import { follow } from '../shared/event_stream.ts';
import { complain, say } from '../shared/toast.tsx';
import { take } from './explore.ts';
import { clip, effect, map, path, projection, reference } from './session.ts';

export interface Matching { job: string; progress: number; stage: string; renders: number[]; distances: number[] }
export const matching = signal<Matching | null>(null);
export const matched = signal<{ result: MatchResult; renders: number[]; distances: number[] } | null>(null);
let leave: () => void = () => {};

export async function startMatch(budget: number): Promise<void> {
  if (!effect.value || !clip.value || !reference.value || matching.value) return;
  const of = effect.value.id;
  path.value = [];
  matched.value = null;
  const { job } = await api.match({ input: clip.value.id, reference: reference.value.id, effect: of, budget });
  matching.value = { job, progress: 0, stage: 'Waiting', renders: [], distances: [] };
  // Places come back in the order they were asked for, whatever order the answers have.
  let placed = Promise.resolve();
  const update = (change: Partial<Matching>) => {
    if (matching.value?.job === job) matching.value = { ...matching.value, ...change };
  };
  leave = follow(api.jobEvents(job), {
    progress: ({ progress, stage }: JobProgress) => update({ progress, stage }),
    path: (step: PathStep) => {
      const now = matching.value;
      if (now?.job === job) update({ renders: [...now.renders, step.render], distances: [...now.distances, step.distance] });
      placed = placed.then(() => draw(step)).catch(complain);
    },
    end: (status: JobStatus<MatchResult>) => {
      const { renders, distances } = matching.value ?? { renders: [], distances: [] };
      matching.value = null;
      if (status.state === 'done' && status.result) {
        const { result } = status;
        matched.value = { result, renders, distances };
        if (effect.value?.id !== of) return;
        void placed.then(() => take('Match', result.settings, null));
        say(result.kept_dry ? 'The recording already sounds most like the reference without the effect' : 'The match is ready');
      } else if (status.state === 'failed') complain(new Error(status.error?.message ?? 'the match failed'));
    },
  }, () => { matching.value = null; });
}

async function draw({ settings, distance, render }: PathStep): Promise<void> {
  const [on, shown] = [map.value, projection.value];
  if (!on || !shown || on.effect !== effect.value?.id) return;
  const place = await api.place(on.id, shown.name, { settings });
  if (map.value === on && projection.value === shown) path.value = [...path.value, { ...place, distance, render }];
}

export async function cancelMatch(): Promise<void> {
  if (!matching.value) return;
  await api.cancel(matching.value.job);
  leave();
  matching.value = null;
}
