/** A small listening test on disk: a practice page, and a page of each kind, on tones that differ by condition. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const rate = 48000;

/** 16-bit mono WAV: a tone whose harmonics fall off slower or faster, for `seconds`. */
export function tone(hertz: number, brightness: number, seconds = 3): Buffer {
  const frames = Math.round(rate * seconds);
  const bytes = Buffer.alloc(44 + 2 * frames);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + 2 * frames, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * frames, 40);
  for (let n = 0; n < frames; ++n) {
    const t = n / rate;
    let value = 0;
    for (let k = 1; k <= 6; ++k) value += brightness ** k * Math.sin(2 * Math.PI * hertz * k * t);
    const swell = 0.25 + 0.75 * Math.abs(Math.sin(Math.PI * 1.3 * t)) ** 2;
    bytes.writeInt16LE(Math.round(7000 * swell * value), 44 + 2 * n);
  }
  return bytes;
}

const conditions: [string, string, number][] = [
  ['hidden', 'reference', 0.7], ['secretgood', 'system', 0.65], ['secretbad', 'system', 0.45], ['other', 'system', 0.55], ['low', 'anchor35', 0.2], ['mid', 'anchor70', 0.35],
];

/** @param short only a practice page and a page of MUSHRA, nothing else. */
export async function writeStudy(folder: string, short = false): Promise<string> {
  await mkdir(join(folder, 'stimuli'), { recursive: true });
  for (const [name, , brightness] of conditions) await writeFile(join(folder, 'stimuli', `${name}.wav`), tone(220, brightness));
  const signals = (names: string[]) => `signals = [${names.map((name) => `{ condition = "${name}", file = "stimuli/${name}.wav" }`).join(', ')}]`;
  const all = conditions.map(([name]) => name);
  const trial = (id: string, kind: string, names: string[], more = '') =>
    `[[trial]]\nid = "${id}"\nkind = "${kind}"\n${kind === 'abx' ? '' : 'reference = "stimuli/hidden.wav"\n'}${more}\n${signals(names)}\n`;
  const text = [
    `name = "tones"\ntitle = "How near is it?"\nattribute = "style similarity"\nprompt = "How near is each sound to the reference?"
consent = """
We store your ratings, when you gave them, and what your browser says of itself, under a random code. No name, no address.
You may stop at any time, and erase what you gave with your code."""
instructions = "You hear short recordings and say how near each comes to a reference. It takes about five minutes. Please use headphones in a quiet room."
farewell = "Your ears have moved this work on."
seed = 7`,
    ...conditions.map(([name, role]) => `[[condition]]\nname = "${name}"\nrole = "${role}"\n`),
    ...(short ? [] : [
      '[[question]]\nid = "age"\ntext = "How old are you?"\nkind = "number"\nminimum = 16\nmaximum = 99\n',
      '[[question]]\nid = "years"\ntext = "How often do you work with audio?"\nkind = "choice"\nchoices = ["never", "now and then", "every day"]\nrequired = true\n',
      '[[question]]\nid = "easy"\ntext = "It was easy to tell the sounds apart."\nkind = "likert"\nchoices = ["not at all", "a little", "rather", "very much"]\nrequired = true\nafter = true\n',
      '[[question]]\nid = "remarks"\ntext = "Anything you want to tell us?"\nkind = "long_text"\nafter = true\n']),
    trial('practice', 'mushra', ['hidden', 'secretgood', 'low', 'mid'], 'training = true'),
    trial('page', 'mushra', all),
    ...(short ? [] : [
      trial('which', 'paired', ['secretgood', 'secretbad'], 'ties = true'),
      trial('same', 'abx', ['secretgood', 'low']),
      trial('step', 'likert', ['secretgood', 'secretbad', 'low'], 'prompt = "How natural does each sound?"\nscale = ["not at all", "a little", "rather", "fully"]')]),
  ].join('\n');
  await writeFile(join(folder, 'study.toml'), `${text.replace('seed = 7', 'seed = 7\norder = "fixed"\n')}\n`);
  return folder;
}
