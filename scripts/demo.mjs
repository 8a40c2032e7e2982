// `scripts/run --demo`: the hub, and when it is ready a thermometer and a lamp beside it. All end together.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const hearth = join(dirname(fileURLToPath(import.meta.url)), '../dist/hearth.js');
const children = new Set();
let ending = false;

function start(args, output) {
  const child = spawn(process.execPath, [hearth, ...args], { stdio: ['ignore', output, 'inherit'] });
  children.add(child);
  child.on('exit', (code) => {
    children.delete(child);
    end(code ?? 1);
  });
  return child;
}

function end(code) {
  if (!ending) process.exitCode = code;
  ending = true;
  for (const child of children) child.kill('SIGTERM');
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(0));

const hub = start(['run', ...process.argv.slice(2)], 'pipe');
for await (const line of createInterface({ input: hub.stdout })) {
  console.log(line);
  if (!line.startsWith('ready ') || ending) continue;
  const { server, control } = JSON.parse(line.slice('ready '.length));
  if (server === null) {
    console.error('The demonstration needs the XMPP server, and it is off.');
    end(78);
    break;
  }
  const folder = dirname(control);
  for (const kind of ['temperature', 'lamp']) {
    start(
      ['thing', kind, '--server', `127.0.0.1:${server.port}`, '--state', join(folder, 'demo', kind)],
      'inherit',
    );
  }
}
