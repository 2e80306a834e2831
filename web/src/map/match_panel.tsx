/** A reference: where it is on the map, and the search for settings that sound like it. */
import { useSignal } from '@preact/signals';
import { Chart } from '../shared/chart.tsx';
import { number, percent, seconds } from '../shared/format.ts';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import { goToPlace } from './explore.ts';
import { cancelMatch, matched, matching, startMatch } from './matching.ts';
import { openReference } from './open.ts';
import { clip, effect, map, panel, reference, referencePlace } from './session.ts';

const budgets = [[100, 'quick, 100 renders'], [400, 'good, 400 renders'], [1500, 'thorough, 1500 renders']] as const;

export function MatchPanel() {
  const budget = useSignal(400);
  if (!reference.value) {
    return (
      <div class="hint">
        <Icon name="target" size={28} />
        <p>Drop a recording that sounds the way yours should. It gets a place on the map, and the knobs are found for you.</p>
        <button class="button" onClick={() => { panel.value = 'reference'; }}>Choose a reference</button>
      </div>
    );
  }
  const now = matching.value;
  const done = matched.value;
  const curve = now ?? done;
  return (
    <>
      <div class="line reference-line">
        <i class="diamond" />
        <span class="grow ellipsis">{reference.value.name}</span>
        <span class="faint tabular">{seconds(reference.value.seconds)}</span>
        <button class="button quiet small" onClick={() => { panel.value = 'reference'; }}>Change</button>
        <button class="button quiet icon small" aria-label="Remove the reference" onClick={() => openReference(null)}><Icon name="close" size={15} /></button>
      </div>
      {map.value && (
        <button class="button" disabled={!referencePlace.value} onClick={(event) => goToPlace(referencePlace.value!, { begun: event.timeStamp })}>
          <Icon name="target" />{referencePlace.value ? 'Go where it is on the map' : 'Finding its place…'}
        </button>
      )}
      <label class="field"><span>Search</span>
        <select class="select" value={budget.value} disabled={now !== null} onChange={(event) => { budget.value = Number(event.currentTarget.value); }}>
          {budgets.map(([size, name]) => <option key={size} value={size}>{name}</option>)}
        </select>
      </label>
      {now ? (
        <div class="running" role="status">
          <div class="progress" role="progressbar" aria-label="Matching" aria-valuenow={Math.round(100 * now.progress)} aria-valuemin={0} aria-valuemax={100}>
            <div style={{ width: `${100 * now.progress}%` }} />
          </div>
          <p class="soft tabular">{now.stage || 'Working'} · {percent(now.progress)}{now.distances.length > 0 && ` · distance ${number(now.distances.at(-1))}`}</p>
          <button class="button" onClick={() => { cancelMatch().catch(complain); }}>Cancel</button>
        </div>
      ) : (
        <button class="button primary" disabled={!effect.value || !clip.value} onClick={() => { startMatch(budget.value).catch(complain); }}>Match</button>
      )}
      {curve && curve.distances.length > 1 && (
        <Chart title="Distance to the reference" x={curve.renders} xName="renders" stepped height={150}
          lines={[{ name: 'distance', values: curve.distances, colour: '--reference' }]} />
      )}
      {done && !now && (
        <dl class="quality" aria-label="Result of the match">
          <div><dt>Before</dt><dd class="tabular">{number(done.result.distance.before)}</dd></div>
          <div><dt>After</dt><dd class="tabular">{number(done.result.distance.after)}</dd></div>
          <div><dt>Took</dt><dd class="tabular">{seconds(done.result.wall_seconds)}</dd></div>
        </dl>
      )}
    </>
  );
}
