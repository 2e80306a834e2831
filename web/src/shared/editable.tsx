/** A name that turns into a field when clicked: Enter keeps, Escape does not. */
import { useSignal } from '@preact/signals';
import { Icon } from './icons.tsx';

export function Editable({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) {
  const editing = useSignal(false);
  const done = (text: string | null) => {
    editing.value = false;
    if (text !== null && text !== value) onChange(text);
  };
  return editing.value ? (
    <input class="input inline" aria-label={label} value={value} ref={(element) => { if (element && document.activeElement !== element) { element.focus(); element.select(); } }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') done(event.currentTarget.value);
        if (event.key === 'Escape') done(null);
      }}
      onBlur={(event) => { if (editing.value) done(event.currentTarget.value); }} />
  ) : (
    <button class="button quiet icon small" aria-label={label} title={label} onClick={(event) => { event.stopPropagation(); editing.value = true; }}>
      <Icon name="edit" size={15} />
    </button>
  );
}
