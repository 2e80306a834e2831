/**
 * Whether the page is being used by keys or by pointer; `data-input` of the root element says it to the style sheet, so
 * that focus rings show where keys go and not after clicks. Import it once per page.
 */
export let byKeys = false;

function note(keys: boolean): void {
  byKeys = keys;
  document.documentElement.dataset.input = keys ? 'keys' : 'pointer';
}

addEventListener('pointerdown', () => note(false), true);
addEventListener('keydown', (event) => { if (event.key === 'Tab' || event.key.startsWith('Arrow')) note(true); }, true);
