/** How the map is shown: projection with its quality, colours, regions, labels. */
import { useSignal } from '@preact/signals';
import { api } from '../shared/api.ts';
import { categories, css } from '../shared/colour.ts';
import { count, number } from '../shared/format.ts';
import { Editable } from '../shared/editable.tsx';
import { Icon } from '../shared/icons.tsx';
import { complain, say } from '../shared/toast.tsx';
import { columnTitle, grouped } from './column_names.ts';
import { removeRegion, renameRegion } from './keep.ts';
import { colourWith, showProjection } from './open.ts';
import { colourBy, colourValues, map, projection, regions, selection } from './session.ts';

function Projections() {
  const [all, shown] = [map.value!.projections, projection.value!];
  return (
    <section>
      <label class="field"><span>Projection</span>
        <select class="select" value={shown.name} onChange={(event) => { showProjection(event.currentTarget.value).catch(complain); }}>
          {all.map(({ name, default: best }) => <option key={name} value={name}>{name.replaceAll('_', ' ')}{best ? ' (smoothest)' : ''}</option>)}
        </select>
      </label>
      <dl class="quality" aria-label="Quality of the projection">
        <div title="How far points that are near here are near in truth; 1 is best"><dt>Trust</dt><dd class="tabular">{number(shown.trustworthiness)}</dd></div>
        <div title="Share of each point's 15 nearest that are still near here; 1 is best"><dt>Kept</dt><dd class="tabular">{number(shown.neighbours_kept)}</dd></div>
        <div title="How much the knobs differ between neighbours here, against points drawn at random; 0 is smoothest"><dt>Roughness</dt><dd class="tabular">{number(shown.knob_roughness)}</dd></div>
      </dl>
    </section>
  );
}

function ColourBy() {
  const by = colourBy.value;
  const value = by === null ? '' : by.kind === 'regions' ? '#regions' : by.column.name;
  function choose(name: string): void {
    if (name === '#regions') { colourBy.value = { kind: 'regions' }; colourValues.value = null; }
    else colourWith(map.value!.columns.find((column) => column.name === name) ?? null).catch(complain);
  }
  return (
    <label class="field"><span>Colour by</span>
      <select class="select" value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">Nothing</option>
        {grouped(map.value!.columns).map(({ title, columns }) => (
          <optgroup key={title} label={title}>
            {columns.map((column) => <option key={column.name} value={column.name}>{columnTitle(column)}</option>)}
          </optgroup>
        ))}
        {regions.value.length > 0 && <optgroup label="Yours"><option value="#regions">Regions</option></optgroup>}
      </select>
    </label>
  );
}

/** A projection that follows labels: the lowest and highest by a feature, or the user's regions. */
function Labels() {
  const feature = useSignal('');
  const size = useSignal(100);
  const working = useSignal<string | null>(null);
  const features = map.value!.columns.filter(({ kind }) => kind === 'feature');
  const chosen = feature.value || features[0]?.name || '#regions';
  const most = Math.max(1, Math.floor(map.value!.points / 2));

  async function make(): Promise<void> {
    const of = map.value!;
    const before = new Set(of.projections.map(({ name }) => name));
    const { job } = await api.label(of.id, chosen === '#regions'
      ? { regions: regions.value.map(({ name, projection: on, outline }) => ({ name, projection: on, outline })) } : { feature: chosen, count: Math.min(size.value, most) });
    const end = await api.ended(job, ({ stage, progress }) => { working.value = `${stage || 'Waiting'} ${Math.round(100 * progress)} %`; });
    if (end.state !== 'done') throw new Error(end.error?.message ?? `the projection was ${end.state}`);
    if (map.value?.id !== of.id) return;
    const found = await api.map(of.id);
    const added = found.projections.find(({ name }) => !before.has(name));
    await showProjection(added?.name ?? projection.value!.name, true);
    const label = found.columns.find((column) => column.kind === 'label' && !of.columns.some(({ name }) => name === column.name));
    if (label) await colourWith(label);
    say(added ? `The projection ${added.name.replaceAll('_', ' ')} is ready` : 'The projection is ready');
  }

  return (
    <details class="fold">
      <summary>Pull the map apart by labels</summary>
      <p class="faint">Labels some points, and projects anew so that they stand apart; the rest finds its place between.</p>
      <label class="field"><span>Label by</span>
        <select class="select" value={chosen} onChange={(event) => { feature.value = event.currentTarget.value; }}>
          {features.map((column) => <option key={column.name} value={column.name}>{columnTitle(column)}</option>)}
          {regions.value.length > 0 && <option value="#regions">Your regions</option>}
        </select>
      </label>
      {chosen !== '#regions' && (
        <label class="field"><span>Lowest and highest, of {count(map.value!.points, 'point')}</span>
          <input class="input" type="number" min="1" max={most} value={Math.min(size.value, most)}
            onInput={(event) => { size.value = Math.max(1, Math.min(most, Math.round(Number(event.currentTarget.value)) || 1)); }} />
        </label>
      )}
      <button class="button" disabled={working.value !== null}
        onClick={() => { working.value = 'Waiting'; make().catch(complain).finally(() => { working.value = null; }); }}>
        {working.value ?? 'Project with labels'}
      </button>
    </details>
  );
}

function Regions() {
  if (regions.value.length === 0) return null;
  return (
    <section>
      <h2>Regions</h2>
      <ul class="list">
        {regions.value.map((region, index) => (
          <li key={`${index}${region.name}`} class="line">
            <button class="row" onClick={() => { selection.value = selection.value === region.points ? null : region.points; }} aria-pressed={selection.value === region.points}>
              <i class="swatch" style={{ background: css(categories[index % categories.length]!) }} />
              <span class="grow ellipsis">{region.name}</span><span class="faint tabular">{region.points.length}</span>
            </button>
            <Editable value={region.name} label={`Rename ${region.name}`} onChange={(name) => renameRegion(index, name)} />
            <button class="button quiet icon small" aria-label={`Remove ${region.name}`} onClick={() => removeRegion(index)}><Icon name="trash" size={15} /></button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function LookPanel() {
  if (!map.value || !projection.value) return null;
  return (
    <>
      <ColourBy /><Projections /><Regions /><Labels />
      <a class="faint test-link" href={`expert.html?map=${encodeURIComponent(map.value.id)}`}>Test this map with your ears</a>
    </>
  );
}
