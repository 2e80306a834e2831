/** What the address bar keeps, so that a link or a reload shows the same: small, readable, safe to edit by hand. */
export interface UrlState {
  effect?: string;
  clip?: string;
  map?: string;
  projection?: string;
  colour?: string;
  x?: number;
  y?: number;
  settings?: number[];
  reference?: string;
  listen?: 'dry' | 'wet' | 'reference';
  pairs?: boolean;
}

const texts = ['effect', 'clip', 'map', 'projection', 'colour', 'reference'] as const;
const numbers = ['x', 'y'] as const;

export function readUrl(search: string): UrlState {
  const query = new URLSearchParams(search);
  const state: UrlState = {};
  for (const key of texts) {
    const value = query.get(key);
    if (value) state[key] = value;
  }
  for (const key of numbers) {
    const text = query.get(key);
    const value = Number(text);
    if (text !== null && text !== '' && Number.isFinite(value)) state[key] = value;
  }
  const settings = query.get('settings')?.split(',').map(Number);
  if (settings?.every((value) => value >= 0 && value <= 1)) state.settings = settings;
  const listen = query.get('listen');
  if (listen === 'dry' || listen === 'wet' || listen === 'reference') state.listen = listen;
  if (query.has('pairs')) state.pairs = true;
  return state;
}

export function writeUrl(state: UrlState): string {
  const query = new URLSearchParams();
  for (const key of texts) if (state[key]) query.set(key, state[key]!);
  for (const key of numbers) if (state[key] !== undefined) query.set(key, short(state[key]!));
  if (state.settings) query.set('settings', state.settings.map(short).join(','));
  if (state.listen && state.listen !== 'wet') query.set('listen', state.listen);
  if (state.pairs) query.set('pairs', '');
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/').replace(/=(&|$)/, '$1');
  return text ? `?${text}` : '';
}

const short = (value: number): string => String(Number(value.toPrecision(5)));
