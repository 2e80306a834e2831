/**
 * The bar at the top of every page: the mark, the pages, what the page itself puts in, the theme.
 *
 *   <Header page="map">...</Header>
 */
import type { ComponentChildren } from 'preact';
import { Icon } from './icons.tsx';
import './modality.ts';
import { dark, nextTheme } from './theme.ts';

const pages = [
  { id: 'map', name: 'Map', href: './' },
  { id: 'runs', name: 'Runs', href: 'runs.html' },
  { id: 'studies', name: 'Studies', href: 'studies.html' },
];

export function Header({ page, children }: { page: string; children?: ComponentChildren }) {
  return (
    <header class="header">
      <a class="mark" href="./" aria-label="soundalike">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M4 17c3-10 5.500-10 8 0s5 10 7.500 0 5-8 8.500-2" fill="none" stroke="var(--accent)" stroke-width="3" stroke-linecap="round" />
        </svg>
        <span class="wordmark">soundalike</span>
      </a>
      {pages.length > 1 && (
        <nav aria-label="Pages">
          {pages.map(({ id, name, href }) => <a key={id} href={href} aria-current={id === page ? 'page' : undefined}>{name}</a>)}
        </nav>
      )}
      {children}
      <button class="button quiet icon" onClick={nextTheme} aria-label={dark.value ? 'Use the light theme' : 'Use the dark theme'}>
        <Icon name={dark.value ? 'sun' : 'moon'} />
      </button>
    </header>
  );
}
