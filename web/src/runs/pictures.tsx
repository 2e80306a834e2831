/** The pictures of a step, and the difference of any two of one item. */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { flat } from '../shared/flat.ts';
import { complain } from '../shared/toast.tsx';
import { fits, nearestStep } from './curve.ts';
import { colourOf } from './curves.tsx';
import { StepSlider, useMedia } from './media.tsx';
import { runsApi } from './runs_api.ts';
import { filter, has, shown, step, tagsOf } from './session.ts';

/** Two pictures to compare, by address; a third click begins anew. */
const picked = signal<{ url: string; name: string }[]>([]);

function pick(url: string, name: string): void {
  const now = picked.value;
  if (now.some((one) => one.url === url)) picked.value = now.filter((one) => one.url !== url);
  else picked.value = [...(now.length === 2 ? [] : now), { url, name }];
}

/**
 * The difference of two pictures, pixel by pixel: brightness of b minus that of a, grey where they agree, warm where b is
 * brighter, cold where it is darker. Of different sizes: over what both have. In place of `a`.
 */
export function difference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  let total = 0;
  for (let n = 0; n < a.length; n += 4) {
    const light = (p: Uint8ClampedArray) => 0.2126 * p[n]! + 0.7152 * p[n + 1]! + 0.0722 * p[n + 2]!;
    const by = (light(b) - light(a)) / 255;
    total += Math.abs(by);
    const up = Math.max(0, by);
    const down = Math.max(0, -by);
    a[n] = 40 + 215 * Math.min(1, 2 * up);
    a[n + 1] = 40 + 140 * Math.min(1, 2 * up) + 110 * Math.min(1, 2 * down);
    a[n + 2] = 40 + 215 * Math.min(1, 2 * down);
    a[n + 3] = 255;
  }
  return a.length ? total / (a.length / 4) : 0;
}

const bitmap = async (url: string): Promise<ImageBitmap> => createImageBitmap(await (await fetch(url)).blob());

function Difference() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const mean = useSignal<number | null>(null);
  const [a, b] = picked.value;
  useEffect(() => {
    if (!a || !b) return;
    let stale = false;
    Promise.all([bitmap(a.url), bitmap(b.url)]).then(([first, second]) => {
      if (stale || !canvas.current) return;
      const width = Math.min(first.width, second.width);
      const height = Math.min(first.height, second.height);
      Object.assign(canvas.current, { width, height });
      const g = flat(canvas.current);
      const pixels = (image: ImageBitmap) => { g.drawImage(image, 0, 0); return g.getImageData(0, 0, width, height); };
      const [one, two] = [pixels(first), pixels(second)];
      mean.value = difference(one.data, two.data);
      g.putImageData(one, 0, 0);
    }, complain);
    return () => { stale = true; };
  }, [a?.url, b?.url]);
  if (!a) return <p class="picked faint">Click two pictures to see their difference</p>;
  if (!b) return <p class="picked soft">{a.name}: now click the one to compare it with</p>;
  return (
    <figure class="difference">
      <figcaption><b>Difference</b> <span class="soft">{b.name} less {a.name}; warm: brighter, cold: darker{mean.value === null ? '' : `; ${(100 * mean.value).toFixed(2)} % on average`}</span>
        <button class="button small quiet" onClick={() => { picked.value = []; }}>Close</button></figcaption>
      <canvas ref={canvas} role="img" aria-label={`Difference of ${b.name} and ${a.name}`} />
    </figure>
  );
}

function Picture({ id, run, tag }: { id: string; run: string; tag: string }) {
  const rows = useMedia('images', id, tag, runsApi.images);
  const steps = rows?.map((row) => row.step) ?? [];
  const at = nearestStep(steps, step.value);
  if (at === null) return null;
  const url = runsApi.imageUrl(id, tag, at);
  const name = `${run}, ${tag}, step ${at}`;
  return (
    <figure class="picture">
      <figcaption class="ellipsis"><i style={{ background: colourOf(id) }} />{tag}</figcaption>
      <button aria-pressed={picked.value.some((one) => one.url === url)} aria-label={`Compare ${name}`} onClick={() => pick(url, name)}><img src={url} alt={name} loading="lazy" /></button>
      <StepSlider steps={steps} at={at} />
    </figure>
  );
}

export function Pictures() {
  const tags = tagsOf('image', (tag) => fits(tag, filter.value));
  if (tags.length === 0) return <p class="empty soft">There are no pictures here.</p>;
  return (
    <>
      <Difference />
      {shown.value.map(({ id, name }) => (
        <section key={id} class="group">
          <h2 class="run-head"><i style={{ background: colourOf(id) }} />{name}</h2>
          <div class="pictures">{tags.filter((tag) => has(id, tag, 'image')).map((tag) => <Picture key={tag} id={id} run={name} tag={tag} />)}</div>
        </section>
      ))}
    </>
  );
}
