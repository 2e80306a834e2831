/** The bar at the bottom: play, dry or wet or reference, the recording with its playhead, loudness, level. */
import { useEffect, useRef } from 'preact/hooks';
import { clock } from '../shared/format.ts';
import { flat } from '../shared/flat.ts';
import { Icon } from '../shared/icons.tsx';
import { dark, token } from '../shared/theme.ts';
import { panel, reference } from './session.ts';
import * as sound from './sound.ts';
import { afterSound } from './sound_first.ts';
import type { Listen } from './sound.ts';

const names: [Listen, string, string][] = [['dry', 'Dry', '1'], ['wet', 'Wet', '2'], ['reference', 'Reference', '3']];

function Waveform() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const time = useRef<HTMLSpanElement>(null);
  const track = sound.tracks.value[sound.listen.value] ?? sound.tracks.value.dry;
  const listen = sound.tracks.value[sound.listen.value] ? sound.listen.value : 'dry';
  const length = track?.buffer.duration ?? 0;
  const rests = !sound.playing.value;

  useEffect(() => {
    let frame = 0;
    let shown = '';
    let drawnAt = -1;
    const [done, rest, head] = [token(`--${listen}`), token('--line-strong'), token('--text')];
    let [gone, due] = [false, 0];
    // While it plays, bar by bar and no more than twenty times a second: frames take the processor from the renders.
    const follow = () => {
      due = 0;
      const bar = Math.floor((sound.position() / Math.max(1e-3, length)) * (canvas.current!.clientWidth / 3));
      if (bar !== drawnAt) {
        drawnAt = bar;
        frame ||= requestAnimationFrame(draw);
      } else again();
    };
    const again = () => {
      if (sound.playing.value) afterSound(() => { if (!gone) due ||= window.setTimeout(follow, 50); });
    };
    const draw = () => {
      frame = 0;
      const element = canvas.current!;
      const { width, height } = element.getBoundingClientRect();
      const ratio = Math.min(2, devicePixelRatio || 1);
      if (element.width !== Math.round(width * ratio)) element.width = Math.round(width * ratio);
      if (element.height !== Math.round(height * ratio)) element.height = Math.round(height * ratio);
      const g = flat(element);
      g.setTransform(ratio, 0, 0, ratio, 0, 0);
      g.clearRect(0, 0, width, height);
      const at = length ? sound.position() / length : 0;
      if (track) {
        const bars = Math.floor(width / 3);
        for (let n = 0; n < bars; ++n) {
          const from = Math.floor((n * track.peaks.length) / bars);
          const to = Math.max(from + 1, Math.floor(((n + 1) * track.peaks.length) / bars));
          let peak = 0;
          for (let k = from; k < to; ++k) peak = Math.max(peak, track.peaks[k]!);
          const half = Math.max(0.75, (Math.sqrt(Math.min(1, peak)) * height) / 2 - 1);
          g.fillStyle = n / bars < at ? done : rest;
          g.fillRect(n * 3, height / 2 - half, 2, 2 * half);
        }
        g.fillStyle = head;
        g.fillRect(Math.round(at * width), 0, 1.5, height);
      }
      const text = `${clock(at * length)} / ${clock(length)}`;
      if (text !== shown && time.current) time.current.textContent = shown = text;
      again();
    };
    draw();
    const observer = new ResizeObserver(() => { frame ||= requestAnimationFrame(draw); });
    observer.observe(canvas.current!);
    return () => { gone = true; clearTimeout(due); cancelAnimationFrame(frame); observer.disconnect(); };
  }, [track, listen, rests, dark.value, sound.jumps.value]);

  return (
    <>
      <canvas class="waveform" ref={canvas} role="slider" tabIndex={0} aria-label="Position" aria-valuemin={0} aria-valuemax={Math.round(length * 10) / 10}
        aria-valuenow={Math.round(sound.position() * 10) / 10} aria-valuetext={clock(sound.position())}
        onPointerDown={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          sound.seek(((event.clientX - box.left) / box.width) * length);
        }}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
          if (by) { event.preventDefault(); sound.seek(sound.position() + by); }
        }} />
      <span class="time tabular soft" ref={time} aria-hidden="true" />
    </>
  );
}

export function Transport() {
  const { playing, listen, tracks, latency } = sound;
  return (
    <footer class="transport" aria-label="Listening">
      <button class="button primary icon play" aria-label={playing.value ? 'Pause' : 'Play'} title="Space"
        disabled={!tracks.value.dry && !tracks.value.wet} onClick={sound.toggle}>
        <Icon name={playing.value ? 'pause' : 'play'} size={20} />
      </button>
      <div class="segmented listen" role="radiogroup" aria-label="What is heard">
        {names.map(([id, name, key]) => (
          <button key={id} role="radio" aria-checked={listen.value === id} class={id} title={`Key ${key}`}
            disabled={id !== 'reference' && !tracks.value[id]}
            onClick={() => { if (tracks.value[id]) sound.hear(id); else if (id === 'reference' && !reference.value) panel.value = 'reference'; }}>
            <i class="dot" />{name}
          </button>
        ))}
      </div>
      <div class="wave-box"><Waveform /></div>
      <label class="mix" title="How much of the effect is mixed in">
        <span>Mix</span>
        <input type="range" min="0" max="1" step="0.01" value={sound.dryWet.value} aria-label="Dry to wet mix"
          onInput={(event) => { sound.dryWet.value = Number(event.currentTarget.value); sound.again(); }} />
      </label>
      <button class="button small match-loudness" aria-pressed={sound.matchLoudness.value} title="Renders are as loud as the clip, so that louder does not pass for better"
        onClick={() => { sound.matchLoudness.value = !sound.matchLoudness.value; sound.again(); }}>Same loudness</button>
      <label class="mix volume">
        <span>Volume</span>
        <input type="range" min="0" max="1" step="0.01" value={sound.volume.value} aria-label="Volume"
          onInput={(event) => { sound.volume.value = Number(event.currentTarget.value); }} />
      </label>
      <span class="latency tabular faint" title={latency.value ? `From the click to the first sample. The plugin took ${latency.value.plugin.toFixed(1)} ms, the server ${latency.value.server.toFixed(1)} ms in all.` : 'How long the latest click took to sound'}>
        {latency.value ? `${Math.round(latency.value.total)} ms` : ''}
      </span>
    </footer>
  );
}
