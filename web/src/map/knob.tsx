/** One control of an effect: a knob for numbers, a list for choices, a switch for toggles. */
import { useRef } from 'preact/hooks';
import type { Parameter, ParameterText } from '../shared/api_types.ts';

export interface KnobMove { begun: number | null; first: boolean; last: boolean }

interface Props {
  parameter: Parameter;
  value: number;
  text: ParameterText | undefined;
  coloured: boolean; // the map is coloured by it
  onMove: (value: number, move: KnobMove) => void;
  onColour?: () => void;
}

const sweep = 270; // degrees
const travelPixels = 180; // of a drag from end to end; ten times that with Shift

function arc(from: number, to: number): string {
  const point = (share: number) => {
    const angle = ((share * sweep - sweep / 2 - 90) * Math.PI) / 180;
    return `${(24 + 19 * Math.cos(angle)).toFixed(2)} ${(24 + 19 * Math.sin(angle)).toFixed(2)}`;
  };
  return `M${point(from)}A19 19 0 ${(to - from) * sweep > 180 ? 1 : 0} 1 ${point(to)}`;
}

export const shown = (text: ParameterText | undefined): string =>
  text ? `${text.text}${text.unit && !text.text.endsWith(text.unit) ? ` ${text.unit}` : ''}` : '';

function Dial({ parameter, value, text, onMove }: Props) {
  const drag = useRef<{ y: number; value: number; moved: boolean } | null>(null);
  const step = parameter.kind === 'integer' && parameter.high > parameter.low ? 1 / (parameter.high - parameter.low) : 0.01;

  function key(event: KeyboardEvent): void {
    const fine = event.shiftKey && parameter.kind !== 'integer' ? 0.1 : 1;
    const by = {
      ArrowUp: step * fine, ArrowRight: step * fine, ArrowDown: -step * fine, ArrowLeft: -step * fine, PageUp: 10 * step, PageDown: -10 * step,
    }[event.key];
    const to = by !== undefined ? value + by : { Home: 0, End: 1, Delete: parameter.default, Backspace: parameter.default }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onMove(to, { begun: event.timeStamp, first: !event.repeat, last: true });
  }

  return (
    <div class="dial" role="slider" tabIndex={0} aria-label={parameter.name} aria-valuemin={0} aria-valuemax={1} aria-orientation="vertical"
      aria-valuenow={Math.round(value * 1000) / 1000} aria-valuetext={shown(text)} onKeyDown={key}
      title="Drag up or down; Shift for fine; double-click for the default"
      onDblClick={(event) => onMove(parameter.default, { begun: event.timeStamp, first: true, last: true })}
      onWheel={(event) => {
        event.preventDefault();
        onMove(value - Math.sign(event.deltaY) * Math.max(step, 0.02), { begun: event.timeStamp, first: false, last: true });
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus({ preventScroll: true });
        drag.current = { y: event.clientY, value, moved: false };
      }}
      onPointerMove={(event) => {
        const from = drag.current;
        if (!from || event.clientY === from.y) return;
        const to = Math.max(0, Math.min(1, from.value + (from.y - event.clientY) / (travelPixels * (event.shiftKey ? 10 : 1))));
        drag.current = { y: event.clientY, value: to, moved: true };
        onMove(to, { begun: from.moved ? null : event.timeStamp, first: !from.moved, last: false });
      }}
      onPointerUp={() => {
        if (drag.current?.moved) onMove(drag.current.value, { begun: null, first: false, last: true });
        drag.current = null;
      }}
      onPointerCancel={() => { drag.current = null; }}>
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <path class="track" d={arc(0, 1)} />
        {value > 0.001 && <path class="fill" d={arc(0, Math.min(1, value))} />}
        <circle class="cap" cx="24" cy="24" r="13.500" />
        <line class="hand" x1="24" y1="19" x2="24" y2="12.500" transform={`rotate(${(value - 0.5) * sweep} 24 24)`} />
      </svg>
    </div>
  );
}

function nearest(parameter: Parameter, value: number): number {
  let best = 0;
  parameter.choices.forEach(({ setting }, n) => {
    if (Math.abs(setting - value) < Math.abs(parameter.choices[best]!.setting - value)) best = n;
  });
  return best;
}

export function Knob(props: Props) {
  const { parameter, value, text, coloured, onMove, onColour } = props;
  const at = (event: Event) => ({ begun: event.timeStamp, first: true, last: true });
  const choice = parameter.kind === 'choice' && parameter.choices.length > 0;
  const on = value >= 0.5;
  return (
    <div class={choice ? 'knob wide' : 'knob'} data-parameter={parameter.id}>
      {choice ? (
        <select class="select" aria-label={parameter.name} value={nearest(parameter, value)}
          onChange={(event) => onMove(parameter.choices[Number(event.currentTarget.value)]!.setting, at(event))}>
          {parameter.choices.map(({ label }, n) => <option key={n} value={n}>{label}</option>)}
        </select>
      ) : parameter.kind === 'toggle' ? (
        <button class="switch" role="switch" aria-checked={on} aria-label={parameter.name} onClick={(event) => onMove(on ? 0 : 1, at(event))}><i /></button>
      ) : <Dial {...props} />}
      {!choice && <output class="value tabular ellipsis">{shown(text)}</output>}
      {onColour
        ? <button class="name ellipsis" aria-pressed={coloured} onClick={onColour} title={`Colour the map by ${parameter.name}`}>{parameter.name}</button>
        : <span class="name ellipsis" title={parameter.name}>{parameter.name}</span>}
    </div>
  );
}
