/** Training runs, soundalike's own or any folder of TensorBoard files, live. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import '../shared/theme.css';
import '../runs/runs.css';
import { Header } from '../shared/header.tsx';
import { Toasts } from '../shared/toast.tsx';
import { lastPart, type XAxis } from '../runs/curve.ts';
import { colourOf, Curves } from '../runs/curves.tsx';
import { Histograms } from '../runs/histograms.tsx';
import { About, Parameters } from '../runs/parameters.tsx';
import { Pictures } from '../runs/pictures.tsx';
import { boot, filter, logX, logY, runs, shown, smoothing, tab, toggle, xAxis, zoom, type Tab } from '../runs/session.ts';
import { Sounds } from '../runs/sounds.tsx';
import { Texts } from '../runs/texts.tsx';
import type { RunRow } from '../runs/runs_api.ts';

const tabs: [Tab, string][] = [['curves', 'Curves'], ['sounds', 'Sounds'], ['pictures', 'Pictures'], ['histograms', 'Histograms'], ['texts', 'Texts'], ['parameters', 'Parameters'], ['about', 'Folder']];
const axes: [XAxis, string][] = [['step', 'Step'], ['relative', 'Time spent'], ['time', 'Clock']];

/** How far the files are read: nothing is left out without a word. */
function Reach({ run }: { run: RunRow }) {
  const read = run.read_bytes ?? run.bytes;
  const all = read >= run.bytes;
  return (
    <span class="reach faint tabular">
      {run.steps === null ? 'nothing in it yet' : `read to step ${run.steps.toLocaleString('en')}`}{all ? '' : `, ${Math.floor((100 * read) / run.bytes)} % of the files`}
      {run.problems > 0 && <button class="warn" onClick={() => { tab.value = 'about'; }}>{run.problems} {run.problems === 1 ? 'problem' : 'problems'}</button>}
    </span>
  );
}

function Side() {
  const list = runs.value;
  const on = new Set(shown.value.map(({ id }) => id));
  return (
    <aside class="runs-side" aria-label="Runs">
      <h2>Runs</h2>
      {list?.length === 0 && <p class="soft">There are none. Start the server with <code>--runs FOLDER</code>.</p>}
      <ul class="list">
        {list?.map((run) => (
          <li key={run.id} class="run">
            <label>
              <input type="checkbox" checked={on.has(run.id)} onChange={() => toggle(run.id)} />
              <i style={{ background: on.has(run.id) ? colourOf(run.id) : undefined }} aria-hidden="true" />
              <span class="ellipsis" title={run.name}>{lastPart(run.name)}</span>
              {run.state && <span class={`tag ${run.state}`}>{run.state}</span>}
            </label>
            {run.name.includes('/') && <span class="parent faint ellipsis">{run.name.slice(0, run.name.lastIndexOf('/'))}</span>}
            <Reach run={run} />
          </li>
        ))}
      </ul>
    </aside>
  );
}

function Controls() {
  return (
    <div class="controls">
      <div class="segmented" role="tablist" aria-label="What is shown">
        {tabs.map(([id, name]) => <button key={id} role="tab" id={`tab-${id}`} aria-selected={tab.value === id} onClick={() => { tab.value = id; }}>{name}</button>)}
      </div>
      <input class="input find" type="search" placeholder="Filter by name" aria-label="Filter by name; /between slashes/ a regular expression" value={filter.value} onInput={(event) => { filter.value = event.currentTarget.value; }} />
      {tab.value === 'curves' && (
        <>
          <label class="smoothing"><span>Smooth</span>
            <input type="range" min={0} max={0.99} step={0.01} value={smoothing.value} onInput={(event) => { smoothing.value = Number(event.currentTarget.value); }} />
            <span class="tabular faint">{smoothing.value.toFixed(2)}</span></label>
          <select class="select axis" aria-label="Horizontal axis" value={xAxis.value} onChange={(event) => { xAxis.value = event.currentTarget.value as XAxis; zoom.value = null; }}>
            {axes.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
          </select>
          <button class="button small" aria-pressed={logX.value} onClick={() => { logX.value = !logX.value; }}>Log x</button>
          <button class="button small" aria-pressed={logY.value} onClick={() => { logY.value = !logY.value; }}>Log y</button>
          {zoom.value && <button class="button small" onClick={() => { zoom.value = null; }}>Whole width</button>}
        </>
      )}
    </div>
  );
}

function Page() {
  useEffect(boot, []);
  const Body = { curves: Curves, sounds: Sounds, pictures: Pictures, histograms: Histograms, texts: Texts, parameters: Parameters, about: About }[tab.value];
  return (
    <>
      <a class="skip" href="#main">To the runs</a>
      <Header page="runs"><span class="push" /></Header>
      <div class="runs-page">
        <Side />
        <main class="runs-main" id="main">
          <h1 class="hidden-visually">Training runs</h1>
          <Controls />
          <div class="runs-scroll" role="tabpanel" aria-labelledby={`tab-${tab.value}`} tabIndex={0}><Body /></div>
        </main>
      </div>
      <Toasts />
    </>
  );
}

render(<Page />, document.getElementById('app')!);
