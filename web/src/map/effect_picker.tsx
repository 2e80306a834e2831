/** Search among everything installed; arrows and Enter work from the search field. */
import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { api } from '../shared/api.ts';
import type { EffectSummary } from '../shared/api_types.ts';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import { rank } from './effect_search.ts';

const shownAtMost = 200;

export function EffectList({ onPick }: { onPick: (effect: EffectSummary) => void }) {
  const all = useSignal<EffectSummary[] | null>(null);
  const query = useSignal('');
  const active = useSignal(0);
  const list = useId();
  useEffect(() => { api.effects().then((effects) => { all.value = effects; }, complain); }, []);
  const found = all.value ? rank(all.value, query.value) : [];
  const shown = found.slice(0, shownAtMost);
  const option = (index: number) => `${list}-${index}`;

  function key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      active.value = Math.max(0, Math.min(shown.length - 1, active.value + step));
      document.getElementById(option(active.value))?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && shown[active.value]) {
      onPick(shown[active.value]!);
    }
  }

  return (
    <div class="effect-list">
      <div class="search">
        <Icon name="search" />
        <input class="input" data-first role="combobox" aria-expanded="true" aria-controls={list} aria-label="Search effects"
          aria-activedescendant={shown.length ? option(active.value) : undefined}
          placeholder="Name, maker or kind: overdrive, calf, reverb" value={query.value} onKeyDown={key}
          onInput={(event) => { query.value = event.currentTarget.value; active.value = 0; }} />
      </div>
      <p class="faint count" role="status">
        {all.value === null ? 'Looking for effects…'
          : all.value.length === 0 ? 'No effects are installed: an LV2 package such as mda-lv2 would do.'
            : `${found.length} of ${all.value.length} effects${found.length > shownAtMost ? `, the first ${shownAtMost} shown` : ''}`}
      </p>
      <div class="options" role="listbox" aria-label="Effects" id={list} tabIndex={-1}>
        {shown.map((effect, index) => (
          <div key={effect.id} id={option(index)} role="option" aria-selected={index === active.value} class="row"
            onPointerMove={() => { active.value = index; }} onClick={() => onPick(effect)}>
            <span class="grow">
              <span class="ellipsis name">{effect.name}</span>
              <span class="ellipsis faint maker">{[effect.vendor, effect.class].filter(Boolean).join(' · ')}</span>
            </span>
            <span class="tag">{effect.format}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
