/** What a tag's sounds, pictures, histograms or texts of a run are, and the slider over the steps that have any. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { complain } from '../shared/toast.tsx';
import { step, versions } from './session.ts';

const kept = new Map<string, { version: number; rows: Promise<unknown> }>();

/** The rows of a tag, asked for again when the run has changed; null until they are here. */
export function useMedia<Row>(kind: string, id: string, tag: string, ask: (id: string, tag: string) => Promise<Row[]>): Row[] | null {
  const rows = useSignal<Row[] | null>(null);
  const version = versions.value[id] ?? 0;
  useEffect(() => {
    let stale = false;
    const key = `${kind}\n${id}\n${tag}`;
    let found = kept.get(key);
    if (!found || found.version !== version) kept.set(key, found = { version, rows: ask(id, tag) });
    found.rows.then((loaded) => { if (!stale) rows.value = loaded as Row[]; }, (error) => { kept.delete(key); complain(error); });
    return () => { stale = true; };
  }, [kind, id, tag, version]);
  return rows.value;
}

export function StepSlider({ steps, at }: { steps: readonly number[]; at: number }) {
  const index = Math.max(0, steps.indexOf(at));
  return (
    <label class="step-slider">
      <span class="tabular">Step {at.toLocaleString('en')}</span>
      <input type="range" min={0} max={Math.max(0, steps.length - 1)} step={1} value={index} aria-label="Step" aria-valuetext={`step ${at}`}
        disabled={steps.length < 2} onInput={(event) => { step.value = steps[Number(event.currentTarget.value)] ?? null; }} />
      <span class="faint tabular">{index + 1} of {steps.length}</span>
    </label>
  );
}
