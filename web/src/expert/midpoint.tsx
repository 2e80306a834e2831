/** Part 1: hear A and B, imagine what lies half way, then hear C and say how well it meets that. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { request } from '../shared/api.ts';
import { bufferOf, Player } from '../shared/player.ts';
import { complain } from '../shared/toast.tsx';
import { parseWav } from '../shared/wav.ts';
import { ScoreForm } from './score_form.tsx';
import { note, score, stimulus, type Midpoint } from './test_state.ts';

type Letter = 'a' | 'b' | 'c';

export function MidpointTrial({ trial }: { trial: Midpoint }) {
  const player = useRef<Player | null>(null);
  const buffers = useRef<Partial<Record<Letter, AudioBuffer>>>({});
  const heard = useSignal<ReadonlySet<Letter>>(new Set());
  const current = useSignal<Letter | null>(null);
  const imagined = useSignal(false);

  useEffect(() => {
    const mine = new Player(new AudioContext(), 'gap');
    player.current = mine;
    return () => { mine.pause(); void (mine.context as AudioContext).close(); };
  }, []);

  async function listen(letter: Letter): Promise<void> {
    if (letter === 'c' && !imagined.value) return;
    const on = player.current!;
    void (on.context as AudioContext).resume();
    const blind = trial[letter].stimulus;
    const buffer = buffers.current[letter] ??= bufferOf(on.context, parseWav(await (await request(stimulus(blind))).arrayBuffer()));
    on.play(buffer);
    current.value = letter;
    heard.value = new Set([...heard.value, letter]);
    note('play', { number: trial.number, which: letter });
  }

  function stop(): void {
    player.current?.pause();
    current.value = null;
  }

  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if ((event.target as HTMLElement).matches('textarea, input') || event.ctrlKey || event.metaKey) return;
      const letter = event.key.toLowerCase();
      if (letter === 'a' || letter === 'b' || letter === 'c') listen(letter).catch(complain);
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, []);

  const both = heard.value.has('a') && heard.value.has('b');
  const button = (letter: Letter, disabled: boolean) => (
    <button class="button sound" aria-pressed={current.value === letter} disabled={disabled}
      onClick={() => { if (current.value === letter) stop(); else listen(letter).catch(complain); }}>{letter.toUpperCase()}</button>
  );
  return (
    <>
      <p>A and B are marked on the map. Listen to both, as often as you like, and imagine the sound half way between them.</p>
      <div class="sounds" role="group" aria-label="Sounds">{button('a', false)}{button('b', false)}{button('c', !imagined.value)}</div>
      {!imagined.value
        ? <button class="button primary" disabled={!both} onClick={() => { imagined.value = true; stop(); }}>I know what to expect</button>
        : (
          <ScoreForm question="How well does C match what you expected?" low="not at all" high="exactly" disabled={!heard.value.has('c')}
            onScore={(value, comment) => score('score_midpoint', { number: trial.number, score: value, comment })} />
        )}
    </>
  );
}
