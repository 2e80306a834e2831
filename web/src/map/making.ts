/** Making a map: the job that runs, and what it becomes. A map goes on being made when the page is closed. */
import { signal } from '@preact/signals';
import { api } from '../shared/api.ts';
import type { JobProgress, JobStatus } from '../shared/api_types.ts';
import { follow } from '../shared/event_stream.ts';
import { complain, say } from '../shared/toast.tsx';
import { openMap } from './open.ts';
import { clip, effect } from './session.ts';

export interface MapOptions { points: number; sampling: string; encoder?: string; seconds?: number; seed: number }

export const making = signal<{ job: string; name: string; progress: number; stage: string } | null>(null);
let leave: () => void = () => {};

export async function makeMap(options: MapOptions): Promise<void> {
  if (!effect.value || !clip.value || making.value) return;
  const { job } = await api.makeMap({ effect: effect.value.id, audio: clip.value.id, ...options });
  watch(job, effect.value.name);
}

/** Takes up a map that was begun before the page was opened. */
export async function resumeMaking(): Promise<void> {
  const job = (await api.jobs()).find(({ kind, state }) => kind === 'map' && (state === 'running' || state === 'queued'));
  if (job && !making.value) watch(job.id, job.title);
}

function watch(job: string, name: string): void {
  making.value = { job, name, progress: 0, stage: 'Waiting' };
  leave = follow(api.jobEvents(job), {
    progress: ({ progress, stage }: JobProgress) => {
      if (making.value?.job === job) making.value = { ...making.value, progress, stage };
    },
    end: ({ state, error, result }: JobStatus<{ map: string }>) => {
      making.value = null;
      if (state === 'done' && result) {
        say(`The map of ${name} is ready`);
        openMap(result.map).catch(complain);
      } else if (state === 'failed') complain(new Error(error?.message ?? 'the map could not be made'));
    },
  }, () => { making.value = null; });
}

export async function cancelMap(): Promise<void> {
  const now = making.value;
  if (!now) return;
  await api.cancel(now.job);
  leave();
  making.value = null;
  say('Stopped; what was made is kept, and making the same map again goes on from there');
}
