/** The map page's dialogs; which is open stands in the session. */
import { useSignal } from '@preact/signals';
import { Dialog } from '../shared/dialog.tsx';
import { count } from '../shared/format.ts';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import { ClipPicker } from './clip_picker.tsx';
import { Compare } from './compare.tsx';
import { EffectList } from './effect_picker.tsx';
import { Exports } from './exports.tsx';
import { addRegion } from './keep.ts';
import { keys } from './keys.ts';
import { MapList } from './map_maker.tsx';
import { closeMap, openClip, openEffect, openReference } from './open.ts';
import { map, panel, selection } from './session.ts';
import { someClip } from './showcase.ts';

const close = () => { panel.value = null; };

function NameRegion() {
  const name = useSignal('');
  const done = () => { addRegion(name.value); close(); };
  return (
    <Dialog title="Name this region" onClose={close}>
      <form onSubmit={(event) => { event.preventDefault(); done(); }}>
        <label class="field"><span>{count(selection.value?.length ?? 0, 'point')} inside</span>
          <input class="input" data-first placeholder="warm crunch" value={name.value} onInput={(event) => { name.value = event.currentTarget.value; }} />
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={close}>Only select</button>
          <button type="button" class="button" onClick={() => { selection.value = null; close(); }}>Discard</button>
          <button class="button primary">Keep the region</button>
        </div>
      </form>
    </Dialog>
  );
}

function Help() {
  return (
    <Dialog title="Keys and gestures" onClose={close}>
      <table class="keys">
        <tbody>
          {keys.map(({ shown, does }) => <tr key={does}><td>{shown.map((key) => <kbd key={key}>{key}</kbd>)}</td><td>{does}</td></tr>)}
          <tr><td>Click, drag</td><td>on the map: hear that place; on a knob: turn it, the place follows</td></tr>
          <tr><td>Wheel, pinch</td><td>zoom; right button or two fingers move the map</td></tr>
          <tr><td>Drop a file</td><td>on the map: it becomes the reference; before there is a map: the clip</td></tr>
        </tbody>
      </table>
      <p class="faint">Licences of what this page is made of: <a href="assets/licences.txt">licences.txt</a></p>
    </Dialog>
  );
}

export function Dialogs() {
  switch (panel.value) {
    case 'effect':
      return <Dialog title="Choose an effect" onClose={close}><EffectList onPick={({ id }) => { close(); openEffect(id).then(someClip).catch(complain); }} /></Dialog>;
    case 'clip':
      return <Dialog title="Choose a clip" onClose={close}><ClipPicker onPick={(clip) => { close(); openClip(clip); }} /></Dialog>;
    case 'reference':
      return <Dialog title="Choose a reference" onClose={close}><ClipPicker onPick={(clip) => { close(); openReference(clip); }} /></Dialog>;
    case 'map':
      return (
        <Dialog title="Maps" onClose={close}>
          <MapList onPick={close} />
          {map.value && <div class="actions"><button class="button" onClick={() => { closeMap(); close(); }}><Icon name="plus" />Make a new map</button></div>}
        </Dialog>
      );
    case 'export':
      return <Dialog title="Export" onClose={close}><Exports /></Dialog>;
    case 'compare':
      return <Dialog title="Compare favourites" wide onClose={close}><Compare /></Dialog>;
    case 'region':
      return <NameRegion />;
    case 'help':
      return <Help />;
    default:
      return null;
  }
}
