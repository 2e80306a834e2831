/**
 * A modal dialog on the browser's own <dialog>: focus stays inside, Escape closes, focus returns.
 *
 *   <Dialog title="Choose an effect" onClose={() => (open.value = false)}>...</Dialog>
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface Props { title: string; wide?: boolean; onClose: () => void; children: ComponentChildren }

export function Dialog({ title, wide = false, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    element.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      element.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog class={wide ? 'dialog wide' : 'dialog'} ref={dialog} aria-labelledby={heading}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onClick={(event) => { if (event.target === dialog.current) onClose(); }}>
      <div class="title">
        <h2 id={heading}>{title}</h2>
        <button class="button quiet icon" aria-label="Close" onClick={onClose}><Icon name="close" /></button>
      </div>
      <div class="content">{children}</div>
    </dialog>
  );
}
