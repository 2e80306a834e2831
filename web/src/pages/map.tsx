/** The latent controller: a map of what an effect can do; point at it, and hear it. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import '../shared/theme.css';
import '../map/map.css';
import { Header } from '../shared/header.tsx';
import { Icon } from '../shared/icons.tsx';
import { complain, Toasts } from '../shared/toast.tsx';
import { Dialogs } from '../map/dialogs.tsx';
import { redo, undo } from '../map/explore.ts';
import { canGoBack, canGoForward } from '../map/history.ts';
import { KeepPanel } from '../map/keep_panel.tsx';
import { onKey } from '../map/keys.ts';
import { KnobPanel } from '../map/knob_panel.tsx';
import { LookPanel } from '../map/look_panel.tsx';
import { resumeMaking } from '../map/making.ts';
import { MapArea } from '../map/map_area.tsx';
import { MatchPanel } from '../map/match_panel.tsx';
import { boot } from '../map/open.ts';
import { clip, drawer, effect, history, map, panel, side } from '../map/session.ts';
import { Transport } from '../map/transport.tsx';

function Choices() {
  return (
    <div class="choices">
      <button class="choice" onClick={() => { panel.value = 'effect'; }} aria-label={`Effect: ${effect.value?.name ?? 'none'}. Change`}>
        <Icon name="knob" /><span class="ellipsis">{effect.value?.name ?? 'Effect'}</span>
      </button>
      <button class="choice" onClick={() => { panel.value = 'clip'; }} aria-label={`Clip: ${clip.value?.name ?? 'none'}. Change`}>
        <Icon name="wave" /><span class="ellipsis">{clip.value?.name ?? 'Clip'}</span>
      </button>
      <button class="choice" onClick={() => { panel.value = 'map'; }} aria-label={map.value ? `Map: ${map.value.points.toLocaleString('en')} points. Change` : 'Maps'}>
        <Icon name="map" /><span class="ellipsis">{map.value ? `${map.value.points.toLocaleString('en')} points` : 'Maps'}</span>
      </button>
    </div>
  );
}

function RightPanel() {
  const tabs = [['knobs', 'Knobs'], ['match', 'Match']] as const;
  return (
    <aside class="side right" aria-label="Knobs and match">
      <div class="segmented tabs" role="tablist" aria-label="Right panel">
        {tabs.map(([id, name]) => (
          <button key={id} role="tab" id={`tab-${id}`} aria-selected={side.value === id} aria-controls="right-panel" onClick={() => { side.value = id; }}>{name}</button>
        ))}
      </div>
      <div class="scroll" id="right-panel" role="tabpanel" aria-labelledby={`tab-${side.value}`} tabIndex={0}>
        {side.value === 'knobs' ? <KnobPanel /> : <MatchPanel />}
      </div>
    </aside>
  );
}

function Page() {
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    boot().then(() => (map.value ? undefined : resumeMaking())).catch(complain);
    // A file that misses its target must not take the page away.
    const stay = (event: DragEvent) => event.preventDefault();
    window.addEventListener('dragover', stay);
    window.addEventListener('drop', stay);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const hasLeft = effect.value !== null;
  return (
    <>
      <a class="skip" href="#main">To the map</a>
      <Header page="map">
        <Choices />
        <span class="push" />
        <button class="button quiet icon" aria-label="Undo" title="Ctrl Z" disabled={!canGoBack(history.value)} onClick={undo}><Icon name="undo" /></button>
        <button class="button quiet icon" aria-label="Redo" title="Ctrl Y" disabled={!canGoForward(history.value)} onClick={redo}><Icon name="redo" /></button>
        <button class="button export" aria-label="Export" title="E" disabled={!effect.value} onClick={() => { panel.value = 'export'; }}><Icon name="download" /><span>Export</span></button>
        <button class="button quiet icon" aria-label="Help" title="?" onClick={() => { panel.value = 'help'; }}><Icon name="help" /></button>
      </Header>
      <div class={`workspace${hasLeft ? '' : ' bare'}`}>
        {hasLeft && (
          <aside class={`side left${drawer.value === 'left' ? ' open' : ''}`} aria-label="Map and favourites">
            <div class="scroll" tabIndex={0} role="group" aria-label="Map settings"><LookPanel /><KeepPanel /></div>
          </aside>
        )}
        <MapArea />
        {effect.value && <RightPanel />}
      </div>
      {hasLeft && (
        <div class="drawers">
          <button class="button small" aria-expanded={drawer.value === 'left'} onClick={() => { drawer.value = drawer.value === 'left' ? null : 'left'; }}>Map</button>
        </div>
      )}
      {(clip.value || effect.value) && <Transport />}
      <Dialogs />
      <Toasts />
    </>
  );
}

render(<Page />, document.getElementById('app')!);
