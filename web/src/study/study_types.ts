/** What the server says of listening tests, as docs/http-api.md and the study module write it. No condition, no file. */

export interface Question {
  id: string;
  text: string;
  kind: 'text' | 'long_text' | 'number' | 'choice' | 'likert';
  choices: string[];
  minimum?: number;
  maximum?: number;
  required: boolean;
  after: boolean;
}

export interface StudyInfo {
  name: string;
  title: string;
  attribute: string;
  prompt: string;
  consent: string;
  instructions: string;
  farewell: string;
  questions: Question[];
}

export type Stage = 'consent' | 'questions' | 'training' | 'trials' | 'questions_after' | 'finished';

export interface Trial {
  number: number; // from 1, training included
  kind: 'mushra' | 'paired' | 'abx' | 'likert';
  training: boolean;
  prompt: string;
  reference: string | null;
  stimuli: string[];
  x: string | null;
  scale: string[];
  ties: boolean;
  loop: boolean;
  ratings: Record<string, number>;
  chosen: boolean;
  choice: string | null;
}

export interface SessionState {
  session: string;
  stage: Stage;
  trials_done: number;
  trials: number;
  trial: Trial | null;
  answers: Record<string, string | number>;
  next_seq: number;
}

/** What an experimenter sees of a study. */
export interface StudyOverview {
  name: string;
  title: string;
  attribute: string;
  trials: number;
  sessions: number;
  finished: number;
  listeners: { assessor: string; stage: Stage; trials_done: number; trials: number }[];
}
