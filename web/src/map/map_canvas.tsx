/** The map itself: points, overlay, gestures, keys. */
import { effect as react, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { dark, token } from '../shared/theme.ts';
import { colouring } from './colouring.ts';
import { endMove, goToPlace } from './explore.ts';
import { listen } from './gestures.ts';
import { pointsInside } from './lasso.ts';
import {
  bounds, cursor, favourites, map, neighbours, outline, panel, path, positions, projection, referencePlace, regions, selection, settings, texts,
  effect, tool, view, type Place,
} from './session.ts';
import { Stage, type Status } from './stage.ts';
import { wholeMap, zoomAround } from './view.ts';

export const drawing = signal<Status>('webgl');
const drawn = signal<readonly number[]>([]); // the lasso in hand, pixels
let stage: Stage | null = null;

/** '?canvas' in the address draws without WebGL: for machines where it is slow or wrong, and for the tests. */
const withoutWebGl = new URLSearchParams(location.search).has('canvas');

export function fit(): void {
  view.value = null;
}

export function zoom(factor: number): void {
  if (!stage) return;
  const { width, height } = stage.size;
  stage.setView(zoomAround(stage.bounds, stage.view, stage.size, width / 2, height / 2, factor));
  view.value = stage.view;
}

/** Colours of canvases follow the theme's. */
function look(ramp: readonly (readonly [number, number, number])[]) {
  return {
    ramp,
    off: dark.value ? [84, 90, 102] as const : [150, 156, 168] as const,
    overlay: { text: token('--text'), ground: token('--ground'), accent: token('--accent'), reference: token('--reference'), soft: token('--soft') },
  };
}

/** What the expert test changes: lettered places, nothing of the user's own, no exploring while one only listens. */
interface Props {
  marks?: () => readonly { place: Place; letter: string }[];
  bare?: boolean;
  still?: () => boolean;
  onExplore?: (place: Place, phase: 'first' | 'move' | 'last', time: number) => void;
}

export function MapCanvas({ marks, bare = false, still = () => false, onExplore }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const gl = useRef<HTMLCanvasElement>(null);
  const flat = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const on = new Stage(gl.current!, flat.current!, over.current!, !withoutWebGl);
    stage = on;
    drawing.value = on.status;
    on.onStatus = (status) => { drawing.value = status; };
    (window as { soundalikeStage?: Stage }).soundalikeStage = on; // for measuring frames
    let shown: Float32Array | null = null;
    const stops = [
      react(() => {
        if (positions.value && positions.value !== shown) {
          shown = positions.value;
          on.setPositions(positions.value, bounds.value);
          performance.mark('map-points-set');
        }
      }),
      react(() => on.setView(view.value ?? wholeMap(bounds.value))),
      react(() => {
        const { points, ramp } = colouring.value;
        on.setLook(look(ramp));
        on.setColours(points);
      }),
      react(() => {
        const chosen = selection.value;
        if (!chosen) { on.setOn(null); return; }
        const mask = new Uint8Array((positions.value?.length ?? 0) >> 1);
        for (const point of chosen) mask[point] = 1;
        on.setOn(mask);
      }),
      react(() => on.setOverlay({
        positions: positions.value, regions: bare ? [] : regions.value, favourites: bare ? [] : favourites.value,
        projection: projection.value?.name ?? '', path: path.value, reference: referencePlace.value, cursor: still() ? null : cursor.value,
        neighbours: bare ? [] : neighbours.value, lasso: drawn.value, marks: marks?.(),
      })),
      listen(box.current!, on, {
        tool: () => tool.value,
        explore: (x, y, phase, begun) => {
          if (still()) return;
          onExplore?.({ x, y }, phase, begun);
          if (phase === 'last') endMove();
          else goToPlace({ x, y }, { begun: phase === 'first' ? begun : null, first: phase === 'first', last: false });
        },
        lasso: (line, ends) => {
          drawn.value = ends ? [] : [...line];
          if (!ends || line.length < 6 || !positions.value) return;
          const around: number[] = [];
          for (let n = 0; n < line.length; n += 2) around.push(...on.position(line[n]!, line[n + 1]!));
          const found = pointsInside(around, positions.value);
          selection.value = found.length ? found : null;
          outline.value = found.length ? around : null;
          if (found.length) panel.value = 'region';
        },
        view: () => { view.value = on.view; },
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      on.close();
      stage = null;
    };
  }, []);

  function key(event: KeyboardEvent): void {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (still()) return;
    if (direction && stage && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const from = cursor.value ?? { x: stage.view.x, y: stage.view.y };
      const [px, py] = stage.screen(from.x, from.y);
      const pixels = event.shiftKey ? 40 : 8;
      const [x, y] = stage.position(px + direction[0]! * pixels, py - direction[1]! * pixels);
      onExplore?.({ x, y }, event.repeat ? 'move' : 'first', event.timeStamp);
      goToPlace({ x, y }, { begun: event.timeStamp, first: !event.repeat, last: true });
    } else if (event.key === 'Enter' && stage) {
      const { x, y } = cursor.value ?? stage.view;
      onExplore?.({ x, y }, 'first', event.timeStamp);
      goToPlace({ x, y }, { begun: event.timeStamp });
    }
  }

  return (
    <div class="map-canvas" ref={box} tabIndex={0} role="application" aria-roledescription="map of settings" onKeyDown={key} data-tool={tool.value}
      aria-label={`Map of ${effect.value?.name ?? 'settings'}, ${map.value?.points ?? 0} points. Arrow keys move and play, Shift for larger steps.`}>
      <canvas ref={gl} aria-hidden="true" />
      <canvas ref={flat} class="flat" aria-hidden="true" />
      <canvas ref={over} aria-hidden="true" />
      <span class="hidden-visually" role="status" aria-live="polite">{spoken()}</span>
    </div>
  );
}

/** What a screen reader says of the place: the knobs that are free, in their own words. */
function spoken(): string {
  if (!cursor.value || !effect.value || settings.value.length === 0) return '';
  return effect.value.parameters.filter(({ free }) => free).slice(0, 6)
    .map(({ name, index }) => `${name} ${texts.value[index]?.text ?? ''} ${texts.value[index]?.unit ?? ''}`.trim()).join(', ');
}
