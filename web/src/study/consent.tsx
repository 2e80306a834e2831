/** What the study is, and what is stored; nothing is before the listener agrees. */
import { useSignal } from '@preact/signals';
import { agree, busy, earlier, info, resume } from './taking.ts';

const paragraphs = (text: string) => text.split(/\n\s*\n|\n/).filter(Boolean).map((line) => <p key={line}>{line}</p>);

export function Consent() {
  const study = info.value!;
  const ticked = useSignal(false);
  return (
    <main class="sheet" id="main">
      <h1>{study.title || 'Listening test'}</h1>
      {earlier.value && (
        <div class="notice">
          <p>A session was begun in this browser and is not finished.</p>
          <button class="button" onClick={() => { void resume(earlier.value!); }}>Go on with it</button>
        </div>
      )}
      {study.instructions && <section><h2>What you do</h2>{paragraphs(study.instructions)}</section>}
      <section>
        <h2>What is stored</h2>
        {study.consent ? paragraphs(study.consent)
          : <p>Your ratings, how you came to them and what your browser says of itself, under a random code. With the code you can take your data away or erase it.</p>}
      </section>
      <label class="tick"><input type="checkbox" checked={ticked.value} onChange={(event) => { ticked.value = event.currentTarget.checked; }} />I have read this and take part of my own free will.</label>
      <div class="foot">
        <span class="hint" />
        <button class="button primary" disabled={!ticked.value || busy.value} onClick={() => { void agree(); }}>Begin</button>
      </div>
    </main>
  );
}
