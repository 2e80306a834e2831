/** Short notices in a corner, read out by screen readers; errors stay until closed. */
import { signal } from '@preact/signals';
import { Icon } from './icons.tsx';

interface Notice { id: number; text: string; bad: boolean }

const notices = signal<Notice[]>([]);
let last = 0;

function drop(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

export function say(text: string): void {
  const id = ++last;
  notices.value = [...notices.value, { id, text, bad: false }].slice(-3);
  setTimeout(() => drop(id), 4000);
}

/** Shows what went wrong; an aborted request is no error. */
export function complain(error: unknown): void {
  if (error instanceof Error && error.name === 'AbortError') return;
  const text = error instanceof Error ? error.message : String(error);
  if (notices.value.some((notice) => notice.text === text)) return;
  notices.value = [...notices.value, { id: ++last, text, bad: true }].slice(-3);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {notices.value.map(({ id, text, bad }) => (
        <div key={id} class={bad ? 'toast bad' : 'toast'}>
          <p>{text}</p>
          <button class="button quiet icon small" aria-label="Dismiss" onClick={() => drop(id)}><Icon name="close" size={14} /></button>
        </div>
      ))}
    </div>
  );
}
