/**
 * Mouse, pen and touch on a map. One finger or the main button does what the tool does (explore, pan, lasso); another
 * button pans, two fingers pan and zoom, the wheel zooms.
 */
import type { Tool } from './session.ts';
import type { Stage } from './stage.ts';
import { panBy, zoomAround } from './view.ts';

export interface GestureHandlers {
  tool: () => Tool;
  /** A move while exploring; `first` and `last` of a gesture; `begun` is the event's own time. */
  explore: (x: number, y: number, phase: 'first' | 'move' | 'last', begun: number) => void;
  lasso: (outline: readonly number[], ends: boolean) => void; // pixels
  view: () => void; // the window moved
}

export function listen(element: HTMLElement, stage: Stage, handlers: GestureHandlers): () => void {
  const down = new Map<number, { x: number; y: number }>();
  let doing: Tool | null = null;
  let outline: number[] = [];
  const at = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  function pressed(event: PointerEvent): void {
    const point = at(event);
    down.set(event.pointerId, point);
    element.setPointerCapture(event.pointerId);
    if (down.size === 2) { // the second finger: whatever the first began becomes a pinch
      doing = 'pan';
      outline = [];
      handlers.lasso([], false);
      return;
    }
    doing = event.button === 0 ? handlers.tool() : 'pan';
    if (doing === 'explore') handlers.explore(...stage.position(point.x, point.y), 'first', event.timeStamp);
    if (doing === 'lasso') outline = [point.x, point.y];
    if (event.button === 0) element.focus({ preventScroll: true });
  }

  function moved(event: PointerEvent): void {
    const before = down.get(event.pointerId);
    if (!before) return;
    const point = at(event);
    down.set(event.pointerId, point);
    if (doing === 'pan') pan(event.pointerId, before, point);
    else if (doing === 'explore') handlers.explore(...stage.position(point.x, point.y), 'move', event.timeStamp);
    else if (doing === 'lasso' && Math.hypot(point.x - outline.at(-2)!, point.y - outline.at(-1)!) > 3) {
      outline.push(point.x, point.y);
      handlers.lasso(outline, false);
    }
  }

  function pan(id: number, before: { x: number; y: number }, point: { x: number; y: number }): void {
    const { bounds, size } = stage;
    const other = [...down].find(([key]) => key !== id)?.[1];
    let view = stage.view;
    if (other) {
      const factor = Math.hypot(point.x - other.x, point.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      view = zoomAround(bounds, view, size, (point.x + other.x) / 2, (point.y + other.y) / 2, factor);
      view = panBy(bounds, view, size, (point.x - before.x) / 2, (point.y - before.y) / 2);
    } else {
      view = panBy(bounds, view, size, point.x - before.x, point.y - before.y);
    }
    stage.setView(view);
    handlers.view();
  }

  function released(event: PointerEvent): void {
    const before = down.get(event.pointerId);
    if (!before) return;
    down.delete(event.pointerId);
    if (down.size > 0) return;
    if (doing === 'explore') {
      const point = event.type === 'pointerup' ? at(event) : before;
      handlers.explore(...stage.position(point.x, point.y), 'last', event.timeStamp);
    }
    if (doing === 'lasso') handlers.lasso(outline, true);
    doing = null;
  }

  function turned(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = at(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
    stage.setView(zoomAround(stage.bounds, stage.view, stage.size, x, y, Math.exp(-event.deltaY * lines * 0.0016)));
    handlers.view();
  }

  const menu = (event: Event) => event.preventDefault();
  element.addEventListener('pointerdown', pressed);
  element.addEventListener('pointermove', moved);
  element.addEventListener('pointerup', released);
  element.addEventListener('pointercancel', released);
  element.addEventListener('wheel', turned, { passive: false });
  element.addEventListener('contextmenu', menu);
  return () => {
    element.removeEventListener('pointerdown', pressed);
    element.removeEventListener('pointermove', moved);
    element.removeEventListener('pointerup', released);
    element.removeEventListener('pointercancel', released);
    element.removeEventListener('wheel', turned);
    element.removeEventListener('contextmenu', menu);
  };
}
