/** Favourites and the steps that led here. */
import { Editable } from '../shared/editable.tsx';
import { Icon } from '../shared/icons.tsx';
import { revisit, takeFavourite } from './explore.ts';
import { pin, rename, unpin } from './keep.ts';
import { effect, favourites, history, panel } from './session.ts';

export function KeepPanel() {
  if (!effect.value) return null;
  const { steps, at } = history.value;
  return (
    <>
      <section>
        <div class="panel-head">
          <h2>Favourites</h2>
          {favourites.value.length > 1 && <button class="button quiet small" onClick={() => { panel.value = 'compare'; }}>Compare</button>}
          <button class="button small" onClick={pin} title="P"><Icon name="pin" size={15} />Pin</button>
        </div>
        {favourites.value.length === 0 && <p class="faint">Pin a sound you like; it stays with the map.</p>}
        <ul class="list">
          {favourites.value.map((each) => (
            <li key={each.id} class="line">
              <button class="row" onClick={(event) => takeFavourite(each, event.timeStamp)}><Icon name="pin" size={15} /><span class="grow ellipsis">{each.name}</span></button>
              <Editable value={each.name} label={`Rename ${each.name}`} onChange={(name) => rename(each.id, name)} />
              <button class="button quiet icon small" aria-label={`Remove ${each.name}`} onClick={() => unpin(each.id)}><Icon name="trash" size={15} /></button>
            </li>
          ))}
        </ul>
      </section>
      {steps.length > 1 && (
        <section>
          <h2>History</h2>
          <ol class="list history" reversed>
            {steps.map((step, n) => ({ step, n })).slice(-12).reverse().map(({ step, n }) => (
              <li key={n}><button class="row" aria-current={n === at ? 'step' : undefined} onClick={() => revisit(n)}>
                <span class="faint tabular">{n + 1}</span><span class="grow ellipsis">{step.label}</span>
              </button></li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}
