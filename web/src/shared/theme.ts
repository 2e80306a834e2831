/** Dark, light or as the system has it; kept in this browser. */
import { effect, signal } from '@preact/signals';

export type Theme = 'system' | 'dark' | 'light';

const key = 'soundalike.theme';

function stored(): Theme {
  const value = globalThis.localStorage?.getItem(key);
  return value === 'dark' || value === 'light' ? value : 'system';
}

export const theme = signal<Theme>(stored());

const light = globalThis.matchMedia?.('(prefers-color-scheme: light)');

/** Whether the page is dark now: what canvases ask, which CSS does not colour. */
export const dark = signal(true);

function settle(): void {
  dark.value = theme.value === 'dark' || (theme.value === 'system' && !light?.matches);
}
light?.addEventListener('change', settle);

effect(() => {
  if (theme.value === 'system') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(key);
  } else {
    document.documentElement.dataset.theme = theme.value;
    localStorage.setItem(key, theme.value);
  }
  settle();
});

export function nextTheme(): void {
  theme.value = dark.value ? 'light' : 'dark';
}

/** The value of a custom property of theme.css, such as '--accent'. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
