/** The expert test: midpoints, prompts, questions; one person alone, everything stored as it happens. */
import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import '../shared/theme.css';
import '../map/map.css';
import '../expert/expert.css';
import { MidpointTrial } from '../expert/midpoint.tsx';
import { Explorer, PromptTrial } from '../expert/prompted.tsx';
import { ScoreForm } from '../expert/score_form.tsx';
import { begin, resume, score, state, type ExpertState } from '../expert/test_state.ts';
import { goToPlace } from '../map/explore.ts';
import { MapCanvas } from '../map/map_canvas.tsx';
import { openMap } from '../map/open.ts';
import { about, cursor, positions } from '../map/session.ts';
import { MapList } from '../map/map_maker.tsx';
import { api } from '../shared/api.ts';
import { Header } from '../shared/header.tsx';
import { complain, Toasts } from '../shared/toast.tsx';

const query = new URLSearchParams(location.search);
const map = query.get('map') ?? '';

async function enter(work: Promise<ExpertState>): Promise<void> {
  const now = await work;
  history.replaceState(null, '', `?map=${encodeURIComponent(now.map)}&session=${encodeURIComponent(now.session)}`);
  about.value = await api.about();
  await openMap(now.map, { projection: now.projection, colour: 'none' });
}

function Start() {
  const busy = useSignal(false);
  return (
    <main id="main" class="welcome">
      <div class="maker">
        <h1>How well does this map do?</h1>
        <p class="soft">Ten to fifteen minutes, with headphones or loudspeakers you know. There are three parts:</p>
        <ol class="parts">
          <li><strong>Half way.</strong> You hear two sounds of the map, imagine the one between them, and judge what is really there. Some of the sounds are drawn at random, so an honest low score is a good answer.</li>
          <li><strong>Find it.</strong> You look for a sound by clicking and dragging.</li>
          <li><strong>Six questions.</strong></li>
        </ol>
        <p class="faint">Your scores, comments and pointer moves are stored on the machine that runs this page. You can stop at any time and come back by the address.</p>
        {map
          ? <div class="actions"><button class="button primary" disabled={busy.value} onClick={() => { busy.value = true; enter(begin(map)).catch(complain).finally(() => { busy.value = false; }); }}>Begin</button></div>
          : <><h2>Which map?</h2><MapList onPick={(id) => { location.search = `?map=${encodeURIComponent(id)}`; }} open={false} /></>}
      </div>
    </main>
  );
}

function Test({ now }: { now: ExpertState }) {
  const { part, answered } = now;
  const midpoint = part === 'midpoint' ? now.midpoints[answered.midpoint] : undefined;
  const prompt = part === 'prompt' ? now.prompts[answered.prompt] : undefined;
  const question = part === 'question' ? now.questions[answered.question] : undefined;
  const attempts = useSignal(0);
  const explorer = useMemo(() => {
    attempts.value = 0;
    return prompt ? new Explorer(prompt.number, (made) => { attempts.value = made; }) : null;
  }, [prompt?.number]);
  useEffect(() => {
    if (prompt && positions.value) goToPlace(prompt.start);
    if (!prompt) cursor.value = null;
  }, [prompt?.number, positions.value]);

  const total = now.midpoints.length + now.prompts.length + now.questions.length;
  const done = answered.midpoint + answered.prompt + answered.question;
  const names = { midpoint: 'Half way', prompt: 'Find it', question: 'Questions', finished: 'Done' };
  const of = { midpoint: now.midpoints.length, prompt: now.prompts.length, question: now.questions.length, finished: 0 }[part];
  return (
    <div class="workspace test">
      <main id="main" class="map-area" aria-label="Map">
        {positions.value && part !== 'question' && part !== 'finished' ? (
          <div class="map-whole"><div class="map-box">
            <MapCanvas key={part} bare still={() => state.value?.part !== 'prompt'}
              onExplore={(place, phase, time) => currentExplorer?.move(place, phase, time)}
              marks={() => {
                const trial = state.value?.part === 'midpoint' ? state.value.midpoints[state.value.answered.midpoint] : undefined;
                return trial ? [{ place: trial.a, letter: 'A' }, { place: trial.b, letter: 'B' }] : [];
              }} />
          </div></div>
        ) : <div class="welcome"><p class="soft">{part === 'finished' ? 'Thank you. Everything is stored.' : ''}</p></div>}
      </main>
      <aside class="side right" aria-label="Task">
        <div class="scroll" tabIndex={0} role="group" aria-label="Task">
          <div class="progress" role="progressbar" aria-label="The whole test" aria-valuenow={done} aria-valuemin={0} aria-valuemax={total}><div style={{ width: `${(100 * done) / Math.max(1, total)}%` }} /></div>
          <h1>{names[part]}{of > 0 && <span class="faint tabular"> {answered[part as 'prompt'] + 1} of {of}</span>}</h1>
          {midpoint && <MidpointTrial key={midpoint.number} trial={midpoint} />}
          {prompt && explorer && <PromptTrial key={prompt.number} trial={prompt} explorer={currentExplorer = explorer} attempts={attempts.value} />}
          {question && (
            <ScoreForm key={question.number} question={question.text} low="not at all" high="completely"
              onScore={(value, comment) => score('score_question', { number: question.number, score: value, comment })} />
          )}
          {part === 'finished' && <p>Your code is <strong class="tabular">{now.session}</strong>. The person who asked you can export the answers.</p>}
        </div>
      </aside>
    </div>
  );
}
let currentExplorer: Explorer | null = null;

function Page() {
  useEffect(() => {
    const session = query.get('session');
    if (map && session) enter(resume(map, session)).catch(complain);
  }, []);
  return (
    <>
      <Header page="expert"><span class="push" /></Header>
      {state.value ? <Test now={state.value} /> : <Start />}
      <Toasts />
    </>
  );
}

render(<Page />, document.getElementById('app')!);
