/** One page of the test: its signals are loaded whole before any sounds, then judged in the way of its kind. */
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import type { Wav } from '../shared/wav.ts';
import { onTrialKey, soundsOf } from './keys.ts';
import { Level, levelled } from './level.tsx';
import { Listening } from './listening.ts';
import { Likert } from './likert.tsx';
import { Mushra } from './mushra.tsx';
import { Pair } from './pair.tsx';
import { studyApi } from './study_api.ts';
import type { Trial } from './study_types.ts';
import { busy, info, note, outbox, state, studyName, surely, trialDone } from './taking.ts';
import { Wave } from './wave.tsx';

/** What is still missing before the page can be left; empty: nothing. */
export function missing(trial: Trial, heard: ReadonlySet<string>): string {
  if (trial.kind === 'mushra' || trial.kind === 'likert') {
    const left = trial.stimuli.filter((id) => trial.ratings[id] === undefined).length;
    return left === 0 ? '' : left === 1 ? 'One is not rated yet' : `${left} are not rated yet`;
  }
  if (soundsOf(trial).some((id) => !heard.has(id) && id !== trial.reference) && !trial.chosen) return 'Listen to all of them first';
  return trial.chosen ? '' : 'No choice made yet';
}

function Transport({ listening, trial }: { listening: Listening; trial: Trial }) {
  const { playing, looped, region } = listening;
  return (
    <>
      <button class="button icon" aria-label={playing.value ? 'Pause' : 'Play'} title="Space"
        onClick={() => listening.toggle(trial.reference ?? trial.stimuli[0]!)}>
        <Icon name={playing.value ? 'pause' : 'play'} size={18} />
      </button>
      <Wave listening={listening} />
      {region.value && <button class="button small quiet" onClick={() => listening.setRegion(null)}>Whole</button>}
      {trial.loop && (
        <button class="button small" aria-pressed={looped.value} onClick={() => { listening.setLooped(!looped.value); note('note', { looped: looped.value }); }}>Loop</button>
      )}
    </>
  );
}

function Comment({ trial, onClose }: { trial: Trial; onClose: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current!.focus(), []);
  return (
    <label class="field comment"><span>Your comment</span>
      <textarea class="input" rows={2} maxLength={4000} ref={field} onKeyDown={(event) => { if (event.key === 'Escape') onClose(); }}
        onChange={(event) => { void outbox.value!.put('comment', { trial: trial.number, text: event.currentTarget.value }); }} />
    </label>
  );
}

export function TrialPage() {
  const trial = state.value!.trial!;
  const loaded = useSignal(0);
  const commenting = useSignal(false);
  const listening = useMemo(() => {
    const made = new Listening((type, body) => note(type, { trial: trial.number, ...body }));
    made.looped.value = trial.loop;
    return made;
  }, [trial.number]);
  const began = useMemo(() => performance.now(), [trial.number]);
  const session = state.value!.session;

  useEffect(() => {
    let closed = false;
    loaded.value = 0;
    (async () => {
      const signals = new Map<string, Wav>();
      for (const id of soundsOf(trial)) {
        if (signals.has(id)) continue;
        signals.set(id, await surely(() => studyApi.sound(studyName, session, id)));
        if (closed) return;
        ++loaded.value;
      }
      listening.take(signals, trial.reference);
    })().catch(complain);
    return () => { closed = true; listening.stop(); };
  }, [trial.number]);

  useEffect(() => {
    const key = (event: KeyboardEvent) => { if (levelled.value) onTrialKey(event, state.value!.trial!, listening); };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [trial.number]);

  const total = new Set(soundsOf(trial)).size;
  if (!listening.ready.value) {
    return (
      <main class="sheet loading" id="main">
        <p class="soft" role="status">Loading the sounds of this page</p>
        <div class="progress" role="progressbar" aria-label="Loading" aria-valuenow={loaded.value} aria-valuemin={0} aria-valuemax={total}><div style={{ width: `${(100 * loaded.value) / total}%` }} /></div>
      </main>
    );
  }
  if (!levelled.value) return <Level listening={listening} stimulus={trial.reference ?? trial.stimuli[0]!} />;

  const left = missing(trial, listening.heard.value);
  const Body = { mushra: Mushra, paired: Pair, abx: Pair, likert: Likert }[trial.kind];
  const judged = trial.kind === 'mushra' && !left && Math.max(...Object.values(trial.ratings)) < 100;
  return (
    <main class="trial" id="main">
      <div class="ask">
        {trial.training && <span class="practice">Practice: these answers do not count</span>}
        <h1>{trial.prompt || info.value!.prompt || 'What do you hear?'}</h1>
      </div>
      <Body trial={trial} listening={listening} />
      {commenting.value && <Comment trial={trial} onClose={() => { commenting.value = false; }} />}
      <div class="listen-bar">
        <Transport listening={listening} trial={trial} />
        {!commenting.value && <button class="button small quiet" onClick={() => { commenting.value = true; }}>Comment</button>}
        <p class="hint soft" role="status">
          {left || (judged ? 'One of these is the reference itself: at least one should get 100.' : '')}
        </p>
        <button class="button primary next" disabled={left !== '' || busy.value} onClick={() => {
          listening.stop();
          void trialDone(state.value!.trial!, (performance.now() - began) / 1000);
        }}>{busy.value ? 'Saving' : 'Next'}</button>
      </div>
    </main>
  );
}
