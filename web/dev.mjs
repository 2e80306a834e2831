// For working on the pages: builds dist/ whenever src/ changes and serves it, with /api passed on to a real server.
//   build/bin/soundalike serve --port 8383 &
//   node web/dev.mjs 8080 8383
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const [port = 8080, api = 8383] = process.argv.slice(2).map(Number);
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.txt': 'text/plain' };

let building = null;
function build() {
  building ??= spawn(process.execPath, [join(root, 'build.mjs')], { stdio: 'inherit' }).on('exit', () => { building = null; });
}
build();
watch(join(root, 'src'), { recursive: true }, build);

createServer(async (incoming, outgoing) => {
  const { pathname } = new URL(incoming.url, 'http://localhost');
  if (pathname.startsWith('/api/')) {
    const headers = { ...incoming.headers, host: `127.0.0.1:${api}` };
    if (headers.origin) headers.origin = `http://127.0.0.1:${api}`;
    const onward = request({ host: '127.0.0.1', port: api, path: incoming.url, method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', (error) => outgoing.writeHead(502).end(`no soundalike serve on port ${api}: ${error.message}`));
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
    return;
  }
  try {
    const file = join(root, 'dist', normalize(pathname === '/' ? '/index.html' : pathname));
    outgoing.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Cache-Control': 'no-store' });
    outgoing.end(await readFile(file));
  } catch {
    outgoing.writeHead(404).end();
  }
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`));
