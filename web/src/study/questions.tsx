/** A questionnaire: every answer is kept when it is given. */
import { useRef, useState } from 'preact/hooks';
import { answer, busy, info, questionsDone, state } from './taking.ts';
import type { Question } from './study_types.ts';

type Value = string | number | undefined;

/** Whether what was typed can be: what it should be instead, or nothing. */
export function fault({ kind, minimum, maximum, required }: Question, value: Value): string {
  if (value === undefined || value === '') return required ? 'needed' : '';
  if (kind !== 'number') return '';
  const number = Number(value);
  if (!Number.isFinite(number)) return 'a number';
  if (minimum !== undefined && maximum !== undefined && (number < minimum || number > maximum)) return `from ${minimum} to ${maximum}`;
  return '';
}

function Field({ question, value }: { question: Question; value: Value }) {
  const { id, text, kind, choices, required } = question;
  const name = `question-${id}`;
  const [draft, setDraft] = useState<string>(); // what stands in the field, from the first key on
  const wrong = value === undefined ? '' : fault(question, value);
  // Always there, so that nothing moves under the pointer when it turns out wrong.
  const range = question.minimum === undefined ? 'A number' : `From ${question.minimum} to ${question.maximum}`;
  const title = <>{text}{required && <span class="faint"> (needed)</span>}</>;
  if (kind === 'choice' || kind === 'likert') {
    return (
      <fieldset class="field">
        <legend>{title}</legend>
        <div class={kind === 'likert' ? 'options even' : 'options'}>
          {choices.map((choice) => (
            <label key={choice} class="option"><input type="radio" name={name} checked={value === choice} onChange={() => { void answer(id, choice); }} />{choice}</label>
          ))}
        </div>
      </fieldset>
    );
  }
  const given = (typed: string) => {
    const number = Number(typed.trim().replace(',', '.'));
    return kind === 'number' && typed.trim() !== '' && Number.isFinite(number) ? number : typed.trim();
  };
  // What puts an answer right counts while it is typed: nobody has to leave the field for it.
  const typing = (typed: string) => {
    setDraft(typed);
    if (fault(question, value) !== '' && fault(question, given(typed)) === '') void answer(id, given(typed));
  };
  return (
    <div class="field">
      <label for={name}>{title}</label>
      {kind === 'long_text'
        ? <textarea class="input" id={name} rows={4} maxLength={4000} value={draft ?? value}
            onInput={(event) => typing(event.currentTarget.value)} onChange={(event) => { void answer(id, event.currentTarget.value); }} />
        : <input class="input" id={name} type="text" inputMode={kind === 'number' ? 'decimal' : undefined} maxLength={400} value={draft ?? value}
            aria-invalid={wrong !== ''} onInput={(event) => typing(event.currentTarget.value)}
            onChange={(event) => { void answer(id, given(event.currentTarget.value)); }} />}
      {kind === 'number' && <span class={wrong ? 'wrong' : 'faint small'} role="status">{wrong ? `Please give ${wrong}` : range}</span>}
    </div>
  );
}

export function Questions({ after }: { after: boolean }) {
  const form = useRef<HTMLFormElement>(null);
  const questions = info.value!.questions.filter((question) => question.after === after);
  const { answers } = state.value!;
  const open = questions.filter((question) => fault(question, answers[question.id]) !== '').length;
  return (
    <main class="sheet" id="main">
      <h1>{after ? 'Almost done' : 'About you'}</h1>
      <form ref={form} onSubmit={(event) => { event.preventDefault(); if (!open) void questionsDone(after); }}>
        {questions.map((question) => <Field key={question.id} question={question} value={answers[question.id]} />)}
        <div class="foot">
          <p class="hint soft" role="status">{open === 0 ? '' : open === 1 ? 'One answer is still needed' : `${open} answers are still needed`}</p>
          <button class="button primary" type="submit" disabled={open > 0 || busy.value}>Go on</button>
        </div>
      </form>
    </main>
  );
}
