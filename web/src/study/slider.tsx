/**
 * A scale from 0 to 100 with five labelled fifths, upright where there is room, lying on narrow screens. Without a value
 * it shows none: an untouched scale is no answer.
 */
import { useRef } from 'preact/hooks';

export const fifths = ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'];
export const fifthOf = (score: number): string => fifths[Math.min(4, Math.floor(score / 20))]!;

interface Props { label: string; value: number | undefined; disabled: boolean; upright: boolean; onInput: (value: number) => void; onSettle: () => void }

const steps: Record<string, number> = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10, Home: -100, End: 100 };

/** Where a key moves a score; null for other keys. The first touch begins in the middle. */
export function moved(score: number | undefined, key: string): number | null {
  const by = steps[key];
  return by === undefined ? null : Math.max(0, Math.min(100, (score ?? 50) + by));
}

export function Slider({ label, value, disabled, upright, onInput, onSettle }: Props) {
  const track = useRef<HTMLDivElement>(null);

  const at = (event: PointerEvent) => {
    const box = track.current!.getBoundingClientRect();
    const share = upright ? 1 - (event.clientY - box.top) / box.height : (event.clientX - box.left) / box.width;
    onInput(Math.round(100 * Math.max(0, Math.min(1, share))));
  };
  return (
    <div class={`scale ${upright ? 'upright' : 'lying'}`} role="slider" tabIndex={disabled ? -1 : 0} aria-label={label} aria-disabled={disabled}
      aria-orientation={upright ? 'vertical' : 'horizontal'} aria-valuemin={0} aria-valuemax={100} aria-valuenow={value ?? 50}
      aria-valuetext={value === undefined ? 'not rated' : `${value}, ${fifthOf(value)}`}
      onPointerDown={(event) => {
        if (disabled || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        at(event);
      }}
      onPointerMove={(event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) at(event); }}
      onPointerUp={onSettle} onPointerCancel={onSettle}
      onKeyDown={(event) => {
        const next = moved(value, event.key);
        if (disabled || next === null || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        onInput(next);
        onSettle();
      }}>
      <div class="track" ref={track}>
        {value !== undefined && <div class="fill" style={upright ? { height: `${value}%` } : { width: `${value}%` }} />}
        {value !== undefined && <div class="thumb" style={upright ? { bottom: `${value}%` } : { left: `${value}%` }} />}
      </div>
    </div>
  );
}
