/**
 * A line chart (uPlot) in the page's colours, loaded when first shown.
 *
 *   <Chart title="Distance" x={renders} lines={[{ name: 'distance', values, colour: '--reference' }]} height={120} />
 */
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { number } from './format.ts';
import { complain } from './toast.tsx';
import { dark, token } from './theme.ts';

interface Line { name: string; values: readonly number[]; colour: string } // a token of theme.css
interface Props { title: string; x: readonly number[]; lines: readonly Line[]; height: number; xName?: string; stepped?: boolean }

export function Chart({ title, x, lines, height, xName = '', stepped = false }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const data = () => [[...x], ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;
  const isDark = dark.value;

  useEffect(() => {
    let closed = false;
    let observer: ResizeObserver | null = null;
    import('uplot').then(({ default: UPlot }) => {
      if (closed) return;
      const axis = { stroke: token('--soft'), grid: { stroke: token('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
      chart.current = new UPlot({
        width: box.current!.clientWidth, height, legend: { show: false }, cursor: { y: false },
        scales: { x: { time: false } },
        axes: [{ ...axis, label: xName || undefined, labelSize: 18, labelFont: '11px system-ui', size: 26 },
          { ...axis, size: 46 }],
        series: [{}, ...lines.map(({ name, colour }) => ({
          label: name, stroke: token(colour), width: 2, points: { show: false }, ...(stepped ? { paths: UPlot.paths.stepped!({ align: 1 }) } : {}),
        }))],
      }, data(), box.current!);
      observer = new ResizeObserver(([entry]) => chart.current?.setSize({ width: entry!.contentRect.width, height }));
      observer.observe(box.current!);
    }, complain);
    return () => {
      closed = true;
      observer?.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [isDark, lines.length, height]);

  useEffect(() => { chart.current?.setData(data()); });

  const last = lines.map(({ name, values }) => `${name} ${number(values.at(-1))}`).join(', ');
  return <div class="chart" ref={box} role="img" aria-label={`${title}: ${last}`} />;
}
