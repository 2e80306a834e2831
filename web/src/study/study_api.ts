/** The routes of listening tests, one function each (docs/http-api.md). */
import { request, requestJson } from '../shared/api.ts';
import { parseWav } from '../shared/wav.ts';
import type { SessionEvent } from '../shared/event_store.ts';
import type { Posted } from '../shared/outbox.ts';
import type { SessionState, StudyInfo, StudyOverview } from './study_types.ts';

const segment = encodeURIComponent;
const study = (name: string) => `api/study/${segment(name)}`;
const session = (name: string, code: string) => `${study(name)}/sessions/${segment(code)}`;

export const studyApi = {
  info: (name: string) => requestJson<StudyInfo>(study(name)),
  begin: (name: string) => requestJson<{ session: string }>(`${study(name)}/sessions`, { method: 'POST' }),
  state: (name: string, code: string) => requestJson<SessionState>(session(name, code)),
  post: (name: string, code: string, events: readonly SessionEvent[], keepalive = false) =>
    requestJson<Posted>(`${session(name, code)}/events`, { json: events, keepalive }),
  sound: async (name: string, code: string, id: string) =>
    parseWav(await (await request(`${session(name, code)}/stimuli/${segment(id)}`)).arrayBuffer()),
  exportUrl: (name: string, code: string) => `${session(name, code)}/export`,
  erase: (name: string, code: string) => request(session(name, code), { method: 'DELETE' }),

  all: () => requestJson<StudyOverview[]>('api/study'),
  tableUrl: (name: string, table: string) => `${study(name)}/results/${table}.csv`,
  reportUrl: (name: string) => `${study(name)}/report`,
};
