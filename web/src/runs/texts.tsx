/** The texts of a step, as they were written. */
import { fits, nearestStep } from './curve.ts';
import { colourOf } from './curves.tsx';
import { StepSlider, useMedia } from './media.tsx';
import { runsApi } from './runs_api.ts';
import { filter, has, shown, step, tagsOf } from './session.ts';

function Text({ id, tag }: { id: string; tag: string }) {
  const rows = useMedia('texts', id, tag, runsApi.texts);
  const steps = rows?.map((row) => row.step) ?? [];
  const at = nearestStep(steps, step.value);
  if (!rows || at === null) return null;
  const here = rows.filter((row) => row.step === at);
  return (
    <section class="item-card" aria-label={tag}>
      <h3 class="ellipsis">{tag}</h3>
      {here.map((row, n) => <pre key={n} class="said" tabIndex={0}>{row.text}</pre>)}
      <StepSlider steps={[...new Set(steps)]} at={at} />
    </section>
  );
}

export function Texts() {
  const tags = tagsOf('text', (tag) => fits(tag, filter.value));
  if (tags.length === 0) return <p class="empty soft">There are no texts here.</p>;
  return (
    <>
      {shown.value.map(({ id, name }) => (
        <section key={id} class="group">
          <h2 class="run-head"><i style={{ background: colourOf(id) }} />{name}</h2>
          <div class="item-cards">{tags.filter((tag) => has(id, tag, 'text')).map((tag) => <Text key={tag} id={id} tag={tag} />)}</div>
        </section>
      ))}
    </>
  );
}
