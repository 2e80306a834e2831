/** The latent controller: a map of what an effect can do; point at it, and hear it. */
import { render } from 'preact';
import '../shared/theme.css';
import { Header } from '../shared/header.tsx';
import { Toasts } from '../shared/toast.tsx';
import { EffectList } from '../map/effect_picker.tsx';

function Page() {
  return (
    <>
      <Header page="map"><span class="push" /></Header>
      <main style={{ maxWidth: '640px', width: '100%', margin: '0 auto', padding: '24px 16px', overflow: 'auto' }}>
        <EffectList onPick={() => {}} />
      </main>
      <Toasts />
    </>
  );
}

render(<Page />, document.getElementById('app')!);
