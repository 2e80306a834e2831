/** The end: thanks, whether all has arrived, the code, and what one may do with one's data. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Dialog } from '../shared/dialog.tsx';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import { studyApi } from './study_api.ts';
import { download, erase, info, outbox, retry, state, studyName, tidy } from './taking.ts';

export function Finish() {
  const box = outbox.value!;
  const { session } = state.value!;
  const asking = useSignal(false);
  const erased = useSignal(false);
  const saved = box.saved.value;
  useEffect(() => { if (saved) tidy().catch(() => {}); }, [saved]);
  if (erased.value) return <main class="sheet" id="main"><h1>Your data is erased</h1><p>Nothing of it is left on the server or in this browser. You can close this page.</p></main>;
  return (
    <main class="sheet" id="main">
      <h1>{saved ? 'Thank you' : 'Thank you: one last step'}</h1>
      {info.value!.farewell && <p>{info.value!.farewell}</p>}
      {saved ? (
        <p class="arrived" role="status"><Icon name="check" />All your answers have arrived.</p>
      ) : (
        <div class="notice bad" role="alert">
          <p><b>The server is out of reach; {box.waiting.value.length} of your answers wait on this device.</b> Keep this page open and they are sent as soon as it answers. If that takes too long, download your answers and send the file to whoever invited you.</p>
          <div class="buttons">
            <button class="button primary" onClick={() => { download().catch(complain); }}><Icon name="download" />Download my answers</button>
            <button class="button" onClick={retry}>Try again now</button>
          </div>
        </div>
      )}
      <section>
        <h2>Your code</h2>
        <p><code class="code">{session}</code></p>
        <p class="soft">Your answers are stored under this code and nothing else. Whoever has it can see them and erase them: keep it to yourself.</p>
        <div class="buttons">
          {saved && <a class="button" href={studyApi.exportUrl(studyName, session)} download={`${studyName}-${session}.json`}><Icon name="download" />Take my data away</a>}
          <button class="button" onClick={() => { asking.value = true; }}><Icon name="trash" />Erase my data</button>
        </div>
      </section>
      {asking.value && (
        <Dialog title="Erase all you did here?" onClose={() => { asking.value = false; }}>
          <p>Your answers will not count, and nobody can bring them back.</p>
          <div class="actions">
            <button class="button" data-first onClick={() => { asking.value = false; }}>Keep them</button>
            <button class="button danger" onClick={() => {
              erase().then(() => { erased.value = true; }, complain);
              asking.value = false;
            }}>Erase</button>
          </div>
        </Dialog>
      )}
    </main>
  );
}
