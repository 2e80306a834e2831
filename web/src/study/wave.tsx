/** The reference's waveform, where it plays, and the part that is looped: drag over it, or move its two ends by key. */
import { useEffect, useRef } from 'preact/hooks';
import { flat } from '../shared/flat.ts';
import { clock } from '../shared/format.ts';
import { dark, token } from '../shared/theme.ts';
import { asLoop, shortestLoop, type Listening } from './listening.ts';

export function Wave({ listening }: { listening: Listening }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ from: number; to: number } | null>(null);
  const { region, seconds, playing, looped } = listening;
  const length = seconds.value;

  useEffect(() => {
    let frame = 0;
    const draw = () => {
      frame = 0;
      const element = canvas.current;
      if (!element) return;
      const { width, height } = element.getBoundingClientRect();
      const ratio = Math.min(2, devicePixelRatio || 1);
      element.width = Math.round(width * ratio);
      element.height = Math.round(height * ratio);
      const g = flat(element);
      g.scale(ratio, ratio);
      const span = drag.current ? asLoop(drag.current.from, drag.current.to, length) : region.value;
      const [strong, weak] = [token('--soft'), token('--line-strong')];
      const bars = Math.floor(width / 3);
      for (let n = 0; n < bars; ++n) {
        const at = ((n + 0.5) / bars) * length;
        const { shape } = listening;
        const peak = shape.length ? shape[Math.floor((n * shape.length) / bars)]! : 0;
        const half = Math.max(0.75, (Math.sqrt(peak) * height) / 2 - 1);
        g.fillStyle = !span || (at >= span.from && at <= span.to) ? strong : weak;
        g.fillRect(3 * n, height / 2 - half, 2, 2 * half);
      }
      if (span && length) {
        g.fillStyle = token('--accent');
        for (const edge of [span.from, span.to]) g.fillRect(Math.min(width - 2, (edge / length) * width), 0, 2, height);
      }
      if (length) {
        g.fillStyle = token('--text');
        g.fillRect((listening.position() / length) * width, 0, 1.5, height);
      }
      if (playing.value || drag.current) frame = requestAnimationFrame(draw);
    };
    draw();
    const observer = new ResizeObserver(() => { frame ||= requestAnimationFrame(draw); });
    observer.observe(canvas.current!);
    return () => { cancelAnimationFrame(frame); observer.disconnect(); };
  }, [length, playing.value, region.value, dark.value]);

  const at = (event: PointerEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    return Math.max(0, Math.min(length, ((event.clientX - box.left) / box.width) * length));
  };
  const span = region.value ?? { from: 0, to: length };
  const move = (end: 'from' | 'to', by: number) => {
    const next = { ...span, [end]: span[end] + by };
    if (next.to - next.from >= Math.min(shortestLoop, length)) listening.setRegion(asLoop(next.from, next.to, length));
  };
  return (
    <div class="wave">
      <canvas ref={canvas} aria-hidden="true"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { from: at(event), to: at(event) };
        }}
        onPointerMove={(event) => { if (drag.current) drag.current.to = at(event); }}
        onPointerUp={() => {
          const done = drag.current;
          drag.current = null;
          if (!done) return;
          if (Math.abs(done.to - done.from) < 0.02 * length || !looped.value) listening.seek(done.to);
          else listening.setRegion(asLoop(done.from, done.to, length));
        }}
        onPointerCancel={() => { drag.current = null; }} />
      {looped.value && (['from', 'to'] as const).map((end) => (
        <span key={end} class="edge" role="slider" tabIndex={0} aria-label={end === 'from' ? 'Loop from' : 'Loop to'} style={{ left: `${length ? (100 * span[end]) / length : 0}%` }}
          aria-valuemin={0} aria-valuemax={Math.round(100 * length) / 100} aria-valuenow={Math.round(100 * span[end]) / 100} aria-valuetext={`${span[end].toFixed(2)} seconds`}
          onKeyDown={(event) => {
            const by = { ArrowLeft: -0.1, ArrowRight: 0.1, PageDown: -1, PageUp: 1 }[event.key];
            if (by) { event.preventDefault(); event.stopPropagation(); move(end, by); }
          }} />
      ))}
      <span class="length tabular faint">{region.value ? `${(region.value.to - region.value.from).toFixed(1)} s of ${clock(length)}` : clock(length)}</span>
    </div>
  );
}
