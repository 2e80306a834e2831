/** A score from 1 to 10 and a comment. */
import { useSignal } from '@preact/signals';
import { complain } from '../shared/toast.tsx';

interface Props { question: string; low: string; high: string; disabled?: boolean; onScore: (score: number, comment: string) => Promise<void> }

export function ScoreForm({ question, low, high, disabled = false, onScore }: Props) {
  const score = useSignal(0);
  const comment = useSignal('');
  const busy = useSignal(false);
  return (
    <form class="score" onSubmit={(event) => {
      event.preventDefault();
      busy.value = true;
      onScore(score.value, comment.value.trim()).catch(complain).finally(() => { busy.value = false; });
    }}>
      <fieldset disabled={disabled}>
        <legend>{question}</legend>
        <div class="scale">
          {Array.from({ length: 10 }, (_, n) => n + 1).map((value) => (
            <label key={value}><input type="radio" name="score" value={value} checked={score.value === value} onChange={() => { score.value = value; }} /><span>{value}</span></label>
          ))}
        </div>
        <div class="ends faint"><span>{low}</span><span>{high}</span></div>
        <label class="field"><span>Comment, if you like</span>
          <textarea class="input" rows={2} maxLength={2000} value={comment.value} onInput={(event) => { comment.value = event.currentTarget.value; }} />
        </label>
      </fieldset>
      <button class="button primary" disabled={disabled || score.value === 0 || busy.value}>Next</button>
    </form>
  );
}
