// Runs the tests of tests/unit or tests/browser with Node's own runner: TypeScript is bundled first, since the Node of
// Debian 12 does not read it.  node tests/run.mjs unit [part of a file's name]
// node tests/run.mjs measure [clicks] runs the measurements instead.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [kind, part = ''] = process.argv.slice(2);
const measuring = kind === 'measure';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'tests', kind);
const names = (await readdir(folder)).filter((name) => (measuring ? name.endsWith('.ts') : name.endsWith('.test.ts') && name.includes(part))).sort();
const out = join(root, '.tests', kind);
await rm(out, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: names.map((name) => join(folder, name)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node18',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  packages: kind === 'unit' ? 'bundle' : 'external',
  define: { 'import.meta.root': JSON.stringify(root) },
});
const built = names.map((name) => join(out, name.replace(/\.ts$/, '.mjs')));
const { status } = spawnSync(process.execPath, measuring ? [...built, ...process.argv.slice(3)]
  : ['--test', '--test-concurrency=1', '--test-reporter=spec', ...built], { stdio: 'inherit' });
process.exit(status ?? 1);
