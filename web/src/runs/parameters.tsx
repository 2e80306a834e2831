/** What the runs were told, side by side, and where each curve ended; and what each folder holds, with all that is wrong with it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { count, number } from '../shared/format.ts';
import { complain } from '../shared/toast.tsx';
import { fits } from './curve.ts';
import { colourOf } from './curves.tsx';
import { runsApi, type RunInfo, type RunRow } from './runs_api.ts';
import { filter, has, infos, scalars, shown, tagsOf, versions } from './session.ts';

const text = (value: unknown): string =>
  value === undefined || value === null ? '–' : typeof value === 'number' ? number(value) : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Configuration of run.json and hyper-parameters, one flat list; what is nested gets dotted names. */
export function flat(value: unknown, prefix = ''): [string, unknown][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[prefix, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, prefix ? `${prefix}.${key}` : key));
}

function Table({ title, rows, columns }: { title: string; rows: readonly { name: string; values: string[] }[]; columns: readonly RunRow[] }) {
  if (rows.length === 0) return null;
  return (
    <section class="group">
      <h2>{title}</h2>
      <div class="table-box" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead><tr><th scope="col">Name</th>{columns.map(({ id, name }) => <th key={id} scope="col"><i style={{ background: colourOf(id) }} />{name}</th>)}</tr></thead>
          <tbody>
            {rows.map(({ name, values }) => (
              <tr key={name} class={new Set(values).size > 1 ? 'differs' : ''}><th scope="row">{name}</th>{values.map((value, n) => <td key={n} class="tabular">{value}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Parameters() {
  const told = useSignal<Record<string, Map<string, unknown>>>({});
  const ends = useSignal<{ name: string; values: string[] }[]>([]);
  const only = useSignal(false);
  const columns = shown.value;
  const key = columns.map(({ id }) => `${id}:${versions.value[id] ?? 0}`).join(' ');
  useEffect(() => {
    let stale = false;
    Promise.all(columns.map(async ({ id }) => {
      const configuration = (infos.value[id]?.run as { configuration?: unknown } | null)?.configuration;
      const own = configuration === undefined ? [] : flat(configuration);
      return [id, new Map([...own, ...Object.entries(await runsApi.hparams(id))])] as const;
    })).then((all) => { if (!stale) told.value = Object.fromEntries(all); }, complain);
    Promise.all(tagsOf('scalar', () => true).map(async (name) => ({
      name,
      values: await Promise.all(columns.map(async ({ id }) => (has(id, name, 'scalar') ? number((await scalars(id, name)).values.at(-1)) : '–'))),
    }))).then((all) => { if (!stale) ends.value = all; }, complain);
    return () => { stale = true; };
  }, [key]);
  const names = [...new Set(Object.values(told.value).flatMap((values) => [...values.keys()]))].sort().filter((name) => fits(name, filter.value));
  const keep = (rows: { name: string; values: string[] }[]) => (only.value ? rows.filter(({ values }) => new Set(values).size > 1) : rows);
  return (
    <>
      {columns.length > 1 && <p class="picked"><button class="button small" aria-pressed={only.value} onClick={() => { only.value = !only.value; }}>Only what differs</button></p>}
      <Table title="Parameters" columns={columns} rows={keep(names.map((name) => ({ name, values: columns.map(({ id }) => text(told.value[id]?.get(name))) })))} />
      <Table title="Last values" columns={columns} rows={keep(ends.value.filter(({ name }) => fits(name, filter.value)))} />
      {names.length === 0 && ends.value.length === 0 && <p class="empty soft">These runs say nothing of their parameters.</p>}
    </>
  );
}

function Folder({ info }: { info: RunInfo }) {
  const run = info.run as { command?: string } | null;
  return (
    <section class="group about">
      <h2 class="run-head"><i style={{ background: colourOf(info.id) }} />{info.name}<a class="button small" href={runsApi.csvUrl(info.id)} download>All values as CSV</a></h2>
      {run?.command && <p><code>{run.command}</code></p>}
      {info.problems.length > 0
        ? <><h3>Damaged, cut off or not understood</h3><ul class="problems">{info.problems.map((problem) => <li key={problem}>{problem}</li>)}</ul></>
        : <p class="good">Everything in this folder was read.</p>}
      <h3>{count(info.tags.length, 'tag')}</h3>
      <div class="table-box" tabIndex={0} role="region" aria-label={`Tags of ${info.name}`}>
        <table>
          <thead><tr><th scope="col">Tag</th><th scope="col">Kind</th><th scope="col">Points</th><th scope="col">Steps</th></tr></thead>
          <tbody>{info.tags.map((row) => <tr key={row.tag + row.kind}><th scope="row">{row.tag}</th><td>{row.what ?? row.kind}</td><td class="tabular">{row.count}</td><td class="tabular">{row.first_step} to {row.last_step}</td></tr>)}</tbody>
        </table>
      </div>
    </section>
  );
}

export function About() {
  return <>{shown.value.map(({ id }) => (infos.value[id] ? <Folder key={id} info={infos.value[id]!} /> : null))}</>;
}
