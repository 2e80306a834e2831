/** A recording: one that is there, or a file from this machine; with a listen before choosing. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { api } from '../shared/api.ts';
import type { AudioClip } from '../shared/api_types.ts';
import { number, seconds } from '../shared/format.ts';
import { Icon } from '../shared/icons.tsx';
import { complain } from '../shared/toast.tsx';
import { about } from './session.ts';

/** Uploads a file, refusing early what the server would refuse late. */
export async function upload(file: File): Promise<AudioClip> {
  const limit = about.value?.limits.upload_bytes ?? 64 * 2 ** 20;
  if (file.size > limit) {
    throw new Error(`cannot take '${file.name}': ${(file.size / 2 ** 20).toFixed(0)} MB, at most ${(limit / 2 ** 20).toFixed(0)} MB are taken; a shorter part would do`);
  }
  return api.upload(file, file.name);
}

export function ClipPicker({ onPick }: { onPick: (clip: AudioClip) => void }) {
  const clips = useSignal<AudioClip[] | null>(null);
  const busy = useSignal(false);
  const heard = useSignal<string | null>(null);
  const audio = useRef<HTMLAudioElement>(null);
  const file = useRef<HTMLInputElement>(null);
  useEffect(() => { api.clips().then((found) => { clips.value = found; }, complain); }, []);

  async function take(chosen: File | undefined): Promise<void> {
    if (!chosen) return;
    busy.value = true;
    try { onPick(await upload(chosen)); } catch (error) { complain(error); } finally { busy.value = false; }
  }

  function listen(id: string): void {
    const element = audio.current!;
    heard.value = heard.value === id ? null : id;
    element.pause();
    if (heard.value) {
      element.src = api.clipUrl(id);
      element.play().catch(complain);
    }
  }

  return (
    <>
      <div class="drop" onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => { event.preventDefault(); event.stopPropagation(); void take(event.dataTransfer?.files[0]); }}>
        <Icon name="upload" size={22} />
        <p>{busy.value ? 'Reading the file…' : 'Drop a recording here, or'}</p>
        <button class="button" data-first disabled={busy.value} onClick={() => file.current!.click()}>Choose a file</button>
        <input ref={file} type="file" accept="audio/*,.wav,.flac,.ogg,.aiff,.mp3" hidden aria-label="Audio file"
          onChange={(event) => { void take(event.currentTarget.files?.[0]); }} />
      </div>
      <audio ref={audio} onEnded={() => { heard.value = null; }} hidden />
      <ul class="list">
        {clips.value?.map((clip) => (
          <li key={clip.id} class="line">
            <button class="button quiet icon small" aria-label={heard.value === clip.id ? `Stop ${clip.name}` : `Listen to ${clip.name}`} onClick={() => listen(clip.id)}>
              <Icon name={heard.value === clip.id ? 'pause' : 'play'} size={15} />
            </button>
            <button class="row" onClick={() => onPick(clip)}>
              <span class="grow ellipsis">{clip.name}</span>
              <span class="faint tabular">{seconds(clip.seconds)}</span>
              <span class="faint tabular level">{clip.lufs === null ? 'silent' : `${number(clip.lufs)} LUFS`}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
