/** Listening tests, as whoever runs them sees them: links to send, who is how far, results and report. */
import { signal } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import '../shared/theme.css';
import '../study/studies.css';
import { api } from '../shared/api.ts';
import { count } from '../shared/format.ts';
import { Header } from '../shared/header.tsx';
import { Icon } from '../shared/icons.tsx';
import { complain, say, Toasts } from '../shared/toast.tsx';
import { studyApi } from '../study/study_api.ts';
import type { Stage, StudyOverview } from '../study/study_types.ts';

const studies = signal<StudyOverview[] | null>(null);
const open = signal(true); // whether other machines can follow a link to this server

const stages: Record<Stage, string> = {
  consent: 'has not agreed yet', questions: 'answering questions', training: 'practising', trials: 'listening', questions_after: 'last questions', finished: 'finished',
};

const link = (name: string): string => new URL(`study.html?study=${encodeURIComponent(name)}`, location.href).href;

async function copy(text: string, field: HTMLInputElement | null): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say('The link is copied');
  } catch { // not on a page that came over plain HTTP from another machine
    field?.select();
  }
}

function Study({ study }: { study: StudyOverview }) {
  const id = `link-${study.name}`;
  const share = study.sessions ? study.finished / study.sessions : 0;
  return (
    <section class="study-card" aria-labelledby={`title-${study.name}`}>
      <div class="study-head">
        <div>
          <h2 id={`title-${study.name}`}>{study.title || study.name}</h2>
          <p class="soft">{[study.attribute, count(study.trials, 'page')].filter(Boolean).join(' · ')}</p>
        </div>
        <p class="study-count"><b class="tabular">{study.finished}</b> <span class="soft">of {count(study.sessions, 'session')} finished</span></p>
      </div>
      <div class="progress" role="progressbar" aria-label="Finished sessions" aria-valuemin={0} aria-valuemax={study.sessions} aria-valuenow={study.finished}><div style={{ width: `${100 * share}%` }} /></div>
      <div class="study-link">
        <label class="field" for={id}><span>Link for listeners</span><input class="input" id={id} readOnly value={link(study.name)} /></label>
        <button class="button" onClick={() => { void copy(link(study.name), document.getElementById(id) as HTMLInputElement); }}>Copy</button>
        <a class="button" href={link(study.name)}>Try it</a>
      </div>
      {!open.value && <p class="faint">Only this machine can open it: for others start the server with <code>--public</code>.</p>}
      <div class="study-files">
        {['grades', 'choices', 'answers'].map((table) => (
          <a key={table} class="button small" href={studyApi.tableUrl(study.name, table)} download><Icon name="download" size={15} />{table}.csv</a>
        ))}
        <a class="button small" href={studyApi.reportUrl(study.name)} target="_blank">Report</a>
      </div>
      {study.listeners.length > 0 && (
        <div class="table-box" tabIndex={0} role="region" aria-label={`Sessions of ${study.title || study.name}`}>
          <table>
            <thead><tr><th scope="col">Listener</th><th scope="col">Stands at</th><th scope="col">Pages</th></tr></thead>
            <tbody>
              {study.listeners.map((listener) => (
                <tr key={listener.assessor}><th scope="row">{listener.assessor}</th>
                  <td class={listener.stage === 'finished' ? 'good' : ''}>{stages[listener.stage]}</td>
                  <td class="tabular">{listener.trials_done} of {listener.trials}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Page() {
  useEffect(() => {
    const load = () => { if (document.visibilityState === 'visible') studyApi.all().then((all) => { studies.value = all; }, complain); };
    load();
    api.about().then((about) => { open.value = about.public; }, complain);
    const timer = setInterval(load, 5000);
    return () => clearInterval(timer);
  }, []);
  return (
    <>
      <a class="skip" href="#main">To the listening tests</a>
      <Header page="studies"><span class="push" /></Header>
      <main class="studies" id="main">
        <h1>Listening tests</h1>
        {studies.value?.length === 0 && (
          <p class="soft">There are none on this server. <code>soundalike study new</code> makes one from recordings; <code>soundalike serve --study FOLDER</code> runs it.</p>
        )}
        {studies.value?.map((study) => <Study key={study.name} study={study} />)}
      </main>
      <Toasts />
    </>
  );
}

render(<Page />, document.getElementById('app')!);
