/**
 * Pair plots: every chosen column against every other as a density, linked with the map by brushing. A drag over one
 * plot selects the points inside, there, in the others and on the map; a click takes the selection away.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { api } from '../shared/api.ts';
import { spanOf, type Span } from '../shared/colour.ts';
import type { Column } from '../shared/api_types.ts';
import { flat } from '../shared/flat.ts';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import { dark } from '../shared/theme.ts';
import { colouring } from './colouring.ts';
import { columnTitle, grouped } from './column_names.ts';
import { accumulate, paint } from './density.ts';
import { map, outline, pairsOpen, selection } from './session.ts';

interface Axis { column: Column; values: Float32Array; span: Span }
const cells = 64; // per side of a plot
const atMost = 5; // columns at once

/** The points inside a box of two columns, both in fractions of their spans. */
export function brushed(a: Axis, b: Axis, box: { left: number; right: number; bottom: number; top: number }): number[] {
  const [la, ra] = [box.left, box.right].map((share) => a.span.low + share * (a.span.high - a.span.low)) as [number, number];
  const [lb, rb] = [box.bottom, box.top].map((share) => b.span.low + share * (b.span.high - b.span.low)) as [number, number];
  const out: number[] = [];
  a.values.forEach((value, n) => {
    const other = b.values[n]!;
    if (value >= la && value <= ra && other >= lb && other <= rb) out.push(n);
  });
  return out;
}

function Plot({ across, up }: { across: Axis; up: Axis }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const from = useRef<[number, number] | null>(null);
  const box = useSignal<{ left: number; top: number; width: number; height: number } | null>(null);
  const { points, ramp } = colouring.value;
  const chosen = selection.value;

  useEffect(() => {
    const count = across.values.length;
    const place = (value: number, { low, high }: Span) => Math.min(0.9999, Math.max(0, (value - low) / (high - low))) * cells;
    const on = chosen ? new Uint8Array(count) : null;
    for (const point of chosen ?? []) on![point] = 1;
    const grid = accumulate(count, cells, cells, (n) => [place(across.values[n]!, across.span), cells - 1e-3 - place(up.values[n]!, up.span)],
      points.length === count ? points : null, on);
    flat(canvas.current!).putImageData(paint(grid, ramp, dark.value ? [84, 90, 102] : [150, 156, 168], 0.35), 0, 0);
  }, [across, up, points, ramp, chosen, dark.value]);

  const at = (event: PointerEvent): [number, number] => {
    const area = canvas.current!.getBoundingClientRect();
    return [Math.min(1, Math.max(0, (event.clientX - area.left) / area.width)), Math.min(1, Math.max(0, (event.clientY - area.top) / area.height))];
  };
  const brush = (to: [number, number]) => {
    const [x, y] = from.current!;
    return { left: Math.min(x, to[0]), top: Math.min(y, to[1]), width: Math.abs(x - to[0]), height: Math.abs(y - to[1]) };
  };

  return (
    <div class="plot"
      onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); from.current = at(event); }}
      onPointerMove={(event) => { if (from.current) box.value = brush(at(event)); }}
      onPointerUp={(event) => {
        if (!from.current) return;
        const { left, top, width, height } = brush(at(event));
        from.current = null;
        box.value = null;
        const found = width < 0.02 && height < 0.02 ? [] : brushed(across, up, { left, right: left + width, bottom: 1 - top - height, top: 1 - top });
        selection.value = found.length ? found : null;
        outline.value = null;
      }}>
      <canvas ref={canvas} width={cells} height={cells} role="img"
        aria-label={`${columnTitle(up.column)} against ${columnTitle(across.column)}${chosen ? `, ${chosen.length} points selected` : ''}`} />
      {box.value && <i class="brush" style={{ left: `${100 * box.value.left}%`, top: `${100 * box.value.top}%`, width: `${100 * box.value.width}%`, height: `${100 * box.value.height}%` }} />}
    </div>
  );
}

export function Pairs() {
  const names = useSignal<string[]>([]);
  const axes = useSignal<Axis[]>([]);
  const of = map.value!;

  useEffect(() => {
    const features = of.columns.filter(({ kind }) => kind === 'feature').slice(0, 2);
    const knobs = of.columns.filter(({ kind, categories }) => kind === 'knob' && !categories?.length).slice(0, 4 - features.length);
    names.value = [...knobs, ...features].map(({ name }) => name);
  }, [of.id]);

  const wanted = names.value.join('\n');
  useEffect(() => {
    let left = false;
    const chosen = names.value.flatMap((name) => of.columns.find((column) => column.name === name) ?? []);
    Promise.all(chosen.map(async (column) => {
      const values = await api.column(of.id, column.name);
      return { column, values, span: spanOf(values) };
    })).then((found) => { if (!left) axes.value = found; }, complain);
    return () => { left = true; };
  }, [of.id, wanted]);

  const others = grouped(of.columns.filter(({ name, kind }) => kind !== 'label' && !names.value.includes(name)));
  const shown = axes.value;
  return (
    <section class="pairs" aria-label="Pair plots">
      <div class="panel-head">
        <h2>Pairs</h2>
        {names.value.length < atMost && (
          <select class="select small" aria-label="Add a column" value="" onChange={(event) => {
            if (event.currentTarget.value) names.value = [...names.value, event.currentTarget.value];
            event.currentTarget.value = '';
          }}>
            <option value="">Add…</option>
            {others.map(({ title, columns }) => <optgroup key={title} label={title}>{columns.map((column) => <option key={column.name} value={column.name}>{columnTitle(column)}</option>)}</optgroup>)}
          </select>
        )}
        {selection.value && <button class="button quiet small" onClick={() => { selection.value = null; }}>Clear {selection.value.length}</button>}
        <button class="button quiet icon small" aria-label="Close the pair plots" onClick={() => { pairsOpen.value = false; }}><Icon name="close" size={15} /></button>
      </div>
      <div class="pair-grid" style={{ gridTemplateColumns: `repeat(${Math.max(1, shown.length - 1)}, minmax(0, 1fr))` }}>
        {shown.slice(1).map((up, row) => shown.slice(0, -1).map((across, column) => (
          column > row ? <span key={`${row} ${column}`} /> : (
            <figure key={`${up.column.name} ${across.column.name}`}>
              <Plot across={across} up={up} />
              <figcaption class="ellipsis"><span>{columnTitle(across.column)}</span> → <span>{columnTitle(up.column)}</span> ↑</figcaption>
            </figure>
          )
        )))}
      </div>
      <div class="chips">
        {shown.map(({ column }) => (
          <button key={column.name} class="chip" aria-label={`Remove ${columnTitle(column)}`} disabled={shown.length < 3}
            onClick={() => { names.value = names.value.filter((name) => name !== column.name); }}>{columnTitle(column)}<Icon name="close" size={12} /></button>
        ))}
      </div>
    </section>
  );
}
