/** Histograms of a tag: all of its steps as one picture, and the one of a step as bars. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ramp } from '../shared/colour.ts';
import { flat } from '../shared/flat.ts';
import { count, number } from '../shared/format.ts';
import { dark } from '../shared/theme.ts';
import { fits, nearestStep } from './curve.ts';
import { colourOf } from './curves.tsx';
import { columnsOf, meanOf, rangeOf, shares } from './distribution.ts';
import { StepSlider, useMedia } from './media.tsx';
import { runsApi, type Histogram } from './runs_api.ts';
import { filter, has, shown, step, tagsOf } from './session.ts';

const bins = 60;
const mostColumns = 480;

/** Steps from left to right, values upwards, the darker or lighter the more of them. */
function Course({ rows, at, name }: { rows: readonly Histogram[]; at: number; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = useMemo(() => columnsOf(rows, rangeOf(rows), bins, mostColumns), [rows]);
  const isDark = dark.value;
  useEffect(() => {
    const image = new ImageData(columns.length, bins);
    const colours = ramp(isDark);
    columns.forEach((column, x) => {
      const most = Math.max(...column) || 1;
      column.forEach((share, bin) => {
        const at = 4 * ((bins - 1 - bin) * columns.length + x);
        if (share > 0) image.data.set([...colours[Math.round(255 * Math.sqrt(share / most))]!, 255], at);
      });
    });
    flat(canvas.current!).putImageData(image, 0, 0);
  }, [columns, isDark]);
  const index = rows.findIndex((row) => row.step === at);
  return (
    <div class="course">
      <canvas ref={canvas} width={columns.length} height={bins} role="img" aria-label={`${name}: ${count(rows.length, 'histogram')}, steps ${rows[0]!.step} to ${rows.at(-1)!.step}`}
        onClick={(event) => { step.value = rows[Math.min(rows.length - 1, Math.floor((event.offsetX / event.currentTarget.clientWidth) * rows.length))]!.step; }} />
      <i style={{ left: `${(100 * (index + 0.5)) / rows.length}%` }} aria-hidden="true" />
    </div>
  );
}

function Bars({ row, low, high, colour }: { row: Histogram; low: number; high: number; colour: string }) {
  const heights = shares(row, { low, high }, bins);
  const most = Math.max(...heights) || 1;
  return (
    <svg class="bars" viewBox={`0 0 ${bins} 40`} preserveAspectRatio="none" role="img"
      aria-label={`Step ${row.step}: ${number(row.count)} values from ${number(row.minimum)} to ${number(row.maximum)}, mean ${number(meanOf(row))}`}>
      {Array.from(heights, (height, bin) => <rect key={bin} x={bin + 0.05} width={0.9} y={40 - (40 * height) / most} height={(40 * height) / most} fill={colour} />)}
    </svg>
  );
}

function Distribution({ id, run, tag }: { id: string; run: string; tag: string }) {
  const rows = useMedia('histograms', id, tag, runsApi.histograms);
  const steps = rows?.map((row) => row.step) ?? [];
  const at = nearestStep(steps, step.value);
  if (!rows || at === null) return null;
  const row = rows[steps.lastIndexOf(at)]!;
  const { low, high } = rangeOf(rows);
  return (
    <figure class="picture distribution">
      <figcaption class="ellipsis"><i style={{ background: colourOf(id) }} />{tag}</figcaption>
      <Course rows={rows} at={at} name={`${run}, ${tag}`} />
      <Bars row={row} low={low} high={high} colour={colourOf(id)} />
      <p class="span faint tabular"><span>{number(low)}</span><span>{number(row.count)} values, mean {number(meanOf(row))}, {number(row.minimum)} to {number(row.maximum)}</span><span>{number(high)}</span></p>
      <StepSlider steps={steps} at={at} />
    </figure>
  );
}

export function Histograms() {
  const tags = tagsOf('histogram', (tag) => fits(tag, filter.value));
  if (tags.length === 0) return <p class="empty soft">There are no histograms here.</p>;
  return (
    <>
      {shown.value.map(({ id, name }) => (
        <section key={id} class="group">
          <h2 class="run-head"><i style={{ background: colourOf(id) }} />{name}</h2>
          <div class="pictures">{tags.filter((tag) => has(id, tag, 'histogram')).map((tag) => <Distribution key={tag} id={id} run={name} tag={tag} />)}</div>
        </section>
      ))}
    </>
  );
}
