/** Curves of all shown runs, one chart per tag; x zoom and cursor are common to all. */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { categories, css } from '../shared/colour.ts';
import { number } from '../shared/format.ts';
import { dark, token } from '../shared/theme.ts';
import { complain } from '../shared/toast.tsx';
import { abscissa, fits, grouped, joined, lastPart, notPositive, smooth, unusable } from './curve.ts';
import type { Scalars } from './runs_api.ts';
import { colourIndex, filter, has, limits, logX, logY, scalars, shown, smoothing, step, tab, tagsOf, versions, xAxis, zoom } from './session.ts';

export const colourOf = (id: string, alpha = 1): string => css(categories[colourIndex(id) % categories.length]!, alpha);

/** How a line is drawn beyond seven runs: colours come again, dashed. */
const dashOf = (id: string): number[] | undefined => (colourIndex(id) >= categories.length ? [6, 4] : undefined);

const duration = (hours: number): string => (hours < 1 ? `${number(hours * 60)} min` : `${number(hours)} h`);
const moment = (seconds: number): string => new Date(seconds * 1000).toLocaleString('en-GB', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const xText = (value: number): string => (xAxis.value === 'step' ? value.toLocaleString('en') : xAxis.value === 'relative' ? duration(value) : moment(value));

interface Series { id: string; name: string; points: Scalars }

function Plot({ tag, series }: { tag: string; series: readonly Series[] }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const at = useSignal<{ x: string; values: (number | null | undefined)[] } | null>(null);
  const isDark = dark.value;
  const axis = xAxis.value;
  const [lx, ly] = [logX.value, logY.value];
  const weight = smoothing.value;
  const [low, high] = limits.value[tag] ?? [null, null];

  const lines = series.map(({ points }) => {
    const x = abscissa(points, axis);
    const y = ly ? points.values.map((value) => (value !== null && value > 0 ? value : null)) : points.values;
    return lx ? { x: x.map((value) => (value > 0 ? value : NaN)), y } : { x, y };
  });
  const raw = joined(lines);
  const smoothed = weight > 0 ? joined(lines.map(({ x, y }) => ({ x, y: smooth(y, weight) }))).slice(1) : [];
  const data = [...raw, ...smoothed] as uPlot.AlignedData;
  const ids = series.map(({ id }) => id).join('\n');

  useEffect(() => {
    let closed = false;
    let observer: ResizeObserver | null = null;
    import('uplot').then(({ default: UPlot }) => {
      if (closed) return;
      const look = { stroke: token('--soft'), grid: { stroke: token('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
      const line = (id: string, faint: boolean): uPlot.Series => ({
        stroke: colourOf(id, faint ? 0.28 : 1), width: faint ? 1 : 1.75, dash: dashOf(id), points: { show: raw[0].length === 1, size: 6 },
      });
      chart.current = new UPlot({
        width: box.current!.clientWidth, height: 210, legend: { show: false },
        cursor: { sync: { key: 'runs', scales: ['x', null] }, drag: { x: true, y: false, setScale: false }, y: false },
        scales: {
          x: { time: false, ...(lx ? { distr: 3 } : {}), range: (_, min, max) => (zoom.value ? [Math.max(zoom.value[0], lx ? Number.MIN_VALUE : -Infinity), zoom.value[1]] : min === max ? [lx ? min / 2 : min - 1, max + 1] : [min, max]) },
          y: {
            ...(ly ? { distr: 3, log: 10 } : {}),
            range: (_, min, max) => {
              const [from, to] = limits.value[tag] ?? [null, null];
              if (min === null || max === null) return [ly ? 0.1 : 0, 1];
              const pad = ly ? 0 : (max - min) * 0.06 || Math.abs(max) * 0.1 || 1;
              return [from ?? (ly ? min / 1.15 : min - pad), to ?? (ly ? max * 1.15 : max + pad)];
            },
          },
        },
        axes: [{ ...look, size: 24, space: 70, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : axis === 'step' ? compact(tick) : xText(tick))) },
          { ...look, size: 52, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : number(tick))) }],
        series: [{}, ...series.map(({ id }) => line(id, weight > 0)), ...(weight > 0 ? series.map(({ id }) => line(id, false)) : [])].map((one, n) => (n ? { ...one, spanGaps: false } : one)),
        hooks: {
          setSelect: [(plot) => {
            if (plot.select.width < 4) return;
            zoom.value = [plot.posToVal(plot.select.left, 'x'), plot.posToVal(plot.select.left + plot.select.width, 'x')];
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          }],
          setCursor: [(plot) => {
            const { idx } = plot.cursor;
            at.value = idx === null || idx === undefined || plot.data[0][idx] === undefined ? null
              : { x: xText(plot.data[0][idx]!), values: series.map((_, n) => nearest(plot.data[n + 1 + (weight > 0 ? series.length : 0)]!, idx)) };
          }],
        },
      }, data, box.current!);
      chart.current.over.addEventListener('click', () => {
        const { idx } = chart.current!.cursor;
        if (axis === 'step' && idx !== null && idx !== undefined) step.value = chart.current!.data[0][idx] ?? null;
      });
      chart.current.over.addEventListener('dblclick', () => { zoom.value = null; });
      observer = new ResizeObserver(([entry]) => chart.current?.setSize({ width: entry!.contentRect.width, height: 210 }));
      observer.observe(box.current!);
    }, complain);
    return () => { closed = true; observer?.disconnect(); chart.current?.destroy(); chart.current = null; };
  }, [isDark, axis, lx, ly, weight > 0, ids, tag]);

  const range = zoom.value;
  useEffect(() => { chart.current?.setData(data, true); }, [series, weight, range, low, high, axis, lx, ly]);

  const last = series.map(({ points }) => points.values.at(-1));
  const lost = series.reduce((sum, { points }) => sum + unusable(points), 0);
  const hidden = ly ? series.reduce((sum, { points }) => sum + notPositive(points), 0) : 0;
  const editing = useSignal(false);
  return (
    <figure class="curve">
      <figcaption>
        <b class="ellipsis" title={tag}>{lastPart(tag)}</b>
        <span class="faint tabular">{at.value ? at.value.x : ''}</span>
        <button class="button quiet small" aria-pressed={editing.value} aria-label={`Limits of ${tag}`} onClick={() => { editing.value = !editing.value; }}>Limits</button>
      </figcaption>
      {editing.value && (
        <div class="limits">
          {([0, 1] as const).map((end) => (
            <label key={end}>{end ? 'to' : 'from'}<input class="input" inputMode="decimal" placeholder="fit" value={(end ? high : low) ?? ''}
              onChange={(event) => {
                const typed = event.currentTarget.value.trim();
                const value = typed === '' || !Number.isFinite(Number(typed)) ? null : Number(typed);
                const now = limits.value[tag] ?? [null, null];
                limits.value = { ...limits.value, [tag]: end ? [now[0], value] : [value, now[1]] };
              }} /></label>
          ))}
          <button class="button small" onClick={() => { limits.value = { ...limits.value, [tag]: [null, null] }; }}>Fit all</button>
        </div>
      )}
      <div class="plot-box" ref={box} role="img" aria-label={`${tag}: ${series.map(({ name }, n) => `${name} ${number(last[n])} at the end`).join(', ')}`} />
      <ul class="values">
        {series.map(({ id, name }, n) => (
          <li key={id}><i style={{ background: colourOf(id) }} /><span class="ellipsis">{name}</span><b class="tabular">{number(at.value ? at.value.values[n] : last[n])}</b></li>
        ))}
      </ul>
      {(lost > 0 || hidden > 0 || low !== null || high !== null) && (
        <p class="marks">
          {lost > 0 && <span>{lost} values are not finite and cannot be drawn</span>}
          {hidden > 0 && <span>{hidden} values are not above 0: no place on a log axis</span>}
          {(low !== null || high !== null) && <span>limits set by hand</span>}
        </p>
      )}
    </figure>
  );
}

const compact = (value: number): string => (Math.abs(value) >= 1000 ? `${Number((value / 1000).toPrecision(4)).toLocaleString('en')}k` : String(Number(value.toPrecision(4))));

/** The value at an index of joined lines, or of the point before it where a line has none there. */
function nearest(values: ArrayLike<number | null | undefined>, index: number): number | null | undefined {
  for (let n = index; n >= 0; --n) if (values[n] !== undefined) return values[n];
  return undefined;
}

function Curve({ tag }: { tag: string }) {
  const series = useSignal<Series[]>([]);
  const inView = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const wanted = shown.value.filter(({ id }) => has(id, tag, 'scalar'));
  const key = wanted.map(({ id }) => `${id}:${versions.value[id] ?? 0}`).join(' ');
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => { if (entry!.isIntersecting) inView.value = true; }, { rootMargin: '300px' });
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!inView.value) return;
    let stale = false;
    Promise.all(wanted.map(async ({ id, name }) => ({ id, name, points: await scalars(id, tag) })))
      .then((loaded) => { if (!stale) series.value = loaded; }, complain);
    return () => { stale = true; };
  }, [key, inView.value]);
  return <div class="curve-place" ref={place}>{series.value.length > 0 ? <Plot tag={tag} series={series.value} /> : <p class="faint">{tag}</p>}</div>;
}

const closed = signal<ReadonlySet<string>>(new Set());

export function Curves() {
  const groups = grouped(tagsOf('scalar', (tag) => fits(tag, filter.value)));
  if (groups.size === 0) return <p class="empty soft">{shown.value.length ? 'There are no curves here.' : 'Choose a run on the left.'}</p>;
  return (
    <>
      {step.value !== null && (
        <p class="picked">Step {step.value.toLocaleString('en')}
          <button class="button small" onClick={() => { tab.value = 'sounds'; }}>Its sounds</button>
          <button class="button small" onClick={() => { tab.value = 'pictures'; }}>Its pictures</button>
          <button class="button small quiet" onClick={() => { step.value = null; }}>Forget</button>
        </p>
      )}
      {[...groups].map(([name, tags]) => (
        <section key={name} class="group">
          <h2>
            <button class="fold-head" aria-expanded={!closed.value.has(name)} onClick={() => {
              const next = new Set(closed.value);
              if (!next.delete(name)) next.add(name);
              closed.value = next;
            }}>{name || 'Curves'} <span class="faint">{tags.length}</span></button>
          </h2>
          {!closed.value.has(name) && <div class="curves">{tags.map((tag) => <Curve key={tag} tag={tag} />)}</div>}
        </section>
      ))}
    </>
  );
}
