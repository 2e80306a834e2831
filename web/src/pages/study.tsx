/** A listening test, as its listeners see it: consent, questions, practice, pages, thanks. */
import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import '../shared/theme.css';
import '../study/study.css';
import { Icon } from '../shared/icons.tsx';
import { dark, nextTheme } from '../shared/theme.ts';
import { complain, Toasts } from '../shared/toast.tsx';
import { Consent } from '../study/consent.tsx';
import { Finish } from '../study/finish.tsx';
import { Questions } from '../study/questions.tsx';
import { boot, download, failure, info, outbox, progress, retry, state, stuck } from '../study/taking.ts';
import { TrialPage } from '../study/trial.tsx';

function Line() {
  const box = outbox.value;
  if (!box) return null;
  const offline = !box.reachable.value;
  const text = offline ? 'Offline: kept on this device' : box.saved.value ? 'Saved' : 'Saving';
  return <span class={`line${offline ? ' offline' : ''}`} role="status"><i aria-hidden="true" />{text}</span>;
}

function Bar() {
  const now = state.value;
  const page = now?.trial ? `${now.stage === 'training' ? 'Practice, page' : 'Page'} ${now.trial.number} of ${now.trials}` : '';
  return (
    <header class="study-bar">
      <b class="ellipsis">{info.value?.title || 'Listening test'}</b>
      <span class="soft tabular place">{page}</span>
      <Line />
      <button class="button quiet icon" onClick={nextTheme} aria-label={dark.value ? 'Use the light theme' : 'Use the dark theme'}><Icon name={dark.value ? 'sun' : 'moon'} /></button>
      <div class="study-progress" role="progressbar" aria-label="Done" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(100 * progress.value)}><i style={{ width: `${100 * progress.value}%` }} /></div>
    </header>
  );
}

function Stuck() {
  const long = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => { long.value = true; }, 4000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="stuck" role="alert">
      <p>{long.value ? 'The server does not answer. What you did is kept on this device; the test goes on by itself when it answers again.' : 'Waiting for the server'}</p>
      <div class="buttons">
        <button class="button small" onClick={retry}>Try again now</button>
        {long.value && outbox.value && <button class="button small" onClick={() => { download().catch(complain); }}>Download my answers</button>}
      </div>
    </div>
  );
}

function Content() {
  if (failure.value) return <main class="sheet" id="main"><h1>{failure.value.title}</h1><p>{failure.value.text}</p></main>;
  if (!info.value) return <main class="sheet loading" id="main"><h1 class="hidden-visually">Listening test</h1><p class="soft">Loading</p></main>;
  const now = state.value;
  if (!now || now.stage === 'consent') return <Consent />;
  if (outbox.value?.broken.value) return <main class="sheet" id="main"><h1>This session is over</h1><p>{outbox.value.broken.value.message}</p></main>;
  if (now.stage === 'questions') return <Questions key="before" after={false} />;
  if (now.stage === 'questions_after') return <Questions key="after" after />;
  if (now.stage === 'finished') return <Finish />;
  return <TrialPage key={now.trial!.number} />;
}

function Page() {
  useEffect(() => { void boot(); }, []);
  return (
    <>
      <a class="skip" href="#main">To the test</a>
      <Bar />
      {stuck.value !== null && <Stuck />}
      <Content />
      <Toasts />
    </>
  );
}

render(<Page />, document.getElementById('app')!);
