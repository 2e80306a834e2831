/** Columns in words: a knob by its name on the effect, the others by theirs without underscores. */
import type { Column } from '../shared/api_types.ts';
import { effect } from './session.ts';

export function columnTitle({ name, kind }: Column): string {
  if (kind === 'knob') {
    const knob = effect.value?.parameters.find(({ id }) => `p_${id}` === name);
    if (knob) return knob.name;
  }
  const words = name.replace(/^p_hat_/, 'predicted ').replace(/^label_/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const groups = { knob: 'Knobs', feature: 'Sound', label: 'Labels', error: 'Prediction' } as const;

/** Columns by kind, in the order they are offered. */
export function grouped(columns: readonly Column[]): { title: string; columns: Column[] }[] {
  return (['feature', 'knob', 'label', 'error'] as const)
    .map((kind) => ({ title: groups[kind], columns: columns.filter((column) => column.kind === kind) }))
    .filter((group) => group.columns.length > 0);
}
