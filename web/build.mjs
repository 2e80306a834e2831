// Builds dist/ from src/. `node build.mjs --check` builds in memory and says whether dist/ is what the sources give.
//
// The pages are the files in src/pages/: pages/<name>.tsx becomes dist/<name>.html ('map' is index.html), each with a
// strict content security policy in mind: no inline script, no inline style element, nothing from elsewhere.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const checking = process.argv.includes('--check');
const limitBytes = 200 * 1024; // of all JavaScript together, gzipped

/** What a page's tab says; a page that is not named here is titled by its file. */
const titles = { map: 'Map', expert: 'Expert test', runs: 'Runs', study: 'Listening test', studies: 'Listening tests' };

const pages = (await readdir(join(root, 'src/pages')))
  .filter((file) => file.endsWith('.tsx'))
  .map((file) => file.slice(0, -4))
  .sort();

const result = await build({
  absWorkingDir: root,
  entryPoints: pages.map((page) => `src/pages/${page}.tsx`),
  outdir: 'dist/assets',
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  metafile: true,
  write: false,
});

const files = new Map(); // path below dist -> bytes
for (const { path, contents } of result.outputFiles) files.set(relative(dist, path), Buffer.from(contents));

const outputs = Object.entries(result.metafile.outputs);
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#15181e"/>
<path d="M5 17c3-9 5-9 7.500 0s4.500 9 7 0 4.500-7 7.500-2" fill="none" stroke="#ffb454" stroke-width="2.600" stroke-linecap="round"/>
</svg>
`;
files.set('assets/icon.svg', Buffer.from(icon));
for (const page of pages) {
  const [script, about] = outputs.find(([, output]) => output.entryPoint === `src/pages/${page}.tsx`);
  const style = about.cssBundle;
  const preload = about.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path);
  const url = (path) => path.replace(/^dist\//, '');
  files.set(page === 'map' ? 'index.html' : `${page}.html`, Buffer.from(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${titles[page] ?? page} · soundalike</title>
<link rel="icon" href="assets/icon.svg" type="image/svg+xml">
${style ? `<link rel="stylesheet" href="${url(style)}">\n` : ''}${preload.map((path) => `<link rel="modulepreload" href="${url(path)}">\n`).join('')}<script type="module" src="${url(script)}"></script>
</head>
<body>
<div id="app"><noscript>This page needs JavaScript; the soundalike program does everything from the command line too.</noscript></div>
</body>
</html>
`));
}
files.set('assets/licences.txt', Buffer.from(await licences()));

let total = 0;
for (const [path, bytes] of files) if (path.endsWith('.js')) total += gzipSync(bytes, { level: 9 }).length;
const size = `${(total / 1024).toFixed(1)} KB of JavaScript, gzipped (limit ${limitBytes / 1024} KB)`;
if (total > limitBytes) fail(`the bundle is too large: ${size}`);

if (checking) {
  const stored = new Set((await readdir(dist, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name))));
  const wrong = [];
  for (const [path, bytes] of files) {
    if (!stored.delete(path)) wrong.push(`${path} is missing`);
    else if (!bytes.equals(await readFile(join(dist, path)))) wrong.push(`${path} differs`);
  }
  for (const path of stored) wrong.push(`${path} should not be there`);
  if (wrong.length) fail(`web/dist is not what web/src gives; run 'make web' and commit it:\n  ${wrong.join('\n  ')}`);
  console.log(`web/dist is what web/src gives: ${size}`);
} else {
  await rm(dist, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(dist, path)), { recursive: true });
    await writeFile(join(dist, path), bytes);
  }
  await writeFile(join(root, 'dist.sha256'), await sums());
  console.log(`${files.size} files in web/dist: ${size}`);
}

/** The licence texts of the packages whose code is in the bundle. */
async function licences() {
  const names = new Set();
  for (const input of Object.keys(result.metafile.inputs)) {
    const match = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (match) names.add(match[1]);
  }
  let text = 'The pages contain code of these packages.\n';
  for (const name of [...names].sort()) {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    text += `\n== ${name} ${version} (${license}) ==\n\n`;
    if (file) text += (await readFile(join(folder, file), 'utf8')).trim() + '\n';
  }
  return text;
}

/** What tools/check_web.sh compares: the sums of sources and bundle, as sha256sum writes them. */
async function sums() {
  const sources = (await readdir(join(root, 'src'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
  const paths = [...sources, 'build.mjs', 'package.json', 'package-lock.json', ...[...files.keys()].map((path) => `dist/${path}`)];
  const lines = await Promise.all(paths.sort().map(async (path) =>
    `${createHash('sha256').update(await readFile(join(root, path))).digest('hex')}  ${path}\n`));
  return lines.join('');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
