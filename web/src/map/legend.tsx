/** What the colours of the points mean. */
import { css } from '../shared/colour.ts';
import { number } from '../shared/format.ts';
import { colouring } from './colouring.ts';
import { columnTitle } from './column_names.ts';
import { colourBy } from './session.ts';

const shownAtMost = 8;

export function Legend() {
  const by = colourBy.value;
  if (!by) return null;
  const { span, ramp, names } = colouring.value;
  const title = by.kind === 'regions' ? 'Your regions' : columnTitle(by.column);
  const unit = by.kind === 'column' && by.column.kind !== 'knob' ? by.column.unit : '';
  return (
    <div class="legend" role="group" aria-label={`Legend: ${title}`}>
      <strong>{title}{unit && <span class="soft"> in {unit}</span>}</strong>
      {span && (
        <>
          <div class="bar" style={{ background: `linear-gradient(90deg, ${ramp.filter((_, n) => n % 15 === 0).map((rgb) => css(rgb)).join(', ')})` }} />
          <div class="ends tabular"><span>{number(span.low)}</span><span>{number((span.low + span.high) / 2)}</span><span>{number(span.high)}</span></div>
        </>
      )}
      {names && names.slice(0, shownAtMost).map(({ name, colour, count }) => (
        <div class="entry" key={name}><i style={{ background: css(colour) }} /><span class="ellipsis">{name}</span><span class="faint tabular">{count}</span></div>
      ))}
      {names && names.length > shownAtMost && <span class="faint">and {names.length - shownAtMost} more</span>}
    </div>
  );
}
