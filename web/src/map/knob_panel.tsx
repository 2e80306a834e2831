/** All controls of the effect: those that shape the sound first, the rest folded away. */
import { complain } from '../shared/toast.tsx';
import { setKnob, take } from './explore.ts';
import { Knob } from './knob.tsx';
import { colourWith } from './open.ts';
import { colourBy, cursor, effect, map, panel, settings, texts } from './session.ts';

export function KnobPanel() {
  const shown = effect.value;
  if (!shown) {
    return (
      <div class="hint">
        <p>The knobs of the effect will stand here, with its own names and units.</p>
        <button class="button" onClick={() => { panel.value = 'effect'; }}>Choose an effect</button>
      </div>
    );
  }
  const columns = new Set(map.value?.columns.map(({ name }) => name));
  const by = colourBy.value;
  const control = (index: number) => {
    const parameter = shown.parameters[index]!;
    const column = `p_${parameter.id}`;
    return (
      <Knob key={parameter.id} parameter={parameter} value={settings.value[index] ?? parameter.default} text={texts.value[index]}
        coloured={by?.kind === 'column' && by.column.name === column}
        onMove={(value, move) => setKnob(index, value, move)}
        onColour={columns.has(column) ? () => {
          colourWith(map.value!.columns.find(({ name }) => name === column)!).catch(complain);
        } : undefined} />
    );
  };
  const free = shown.parameters.flatMap(({ free: moves }, n) => (moves ? [n] : []));
  const rest = shown.parameters.flatMap(({ free: moves }, n) => (moves ? [] : [n]));
  return (
    <>
      <div class="panel-head">
        <h2 class="ellipsis">{shown.name}</h2>
        <button class="button quiet small" onClick={(event) => take('Defaults', shown.parameters.map((each) => each.default), null, { begun: event.timeStamp })}
          disabled={cursor.value === null && settings.value.every((value, n) => value === shown.parameters[n]!.default)}>Reset</button>
      </div>
      <div class="knobs" role="group" aria-label={`Knobs of ${shown.name}`}>{(free.length ? free : rest).map(control)}</div>
      {free.length > 0 && rest.length > 0 && (
        <details class="rest">
          <summary>Other knobs <span class="faint tabular">{rest.length}</span></summary>
          <div class="knobs" role="group" aria-label="Other knobs">{rest.map(control)}</div>
        </details>
      )}
    </>
  );
}
