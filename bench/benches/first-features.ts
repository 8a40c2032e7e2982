import { connect } from 'node:net';
import { type Figure, median } from '../figure.js';
import { type Lab, pause } from '../lab.js';
import type { Child } from '../servers/child.js';
import { freePort } from '../servers/free-port.js';
import { spawnHub } from '../servers/hub.js';
import { PROSODY_DOMAIN, prosodySite, startProsody } from '../servers/prosody.js';

const ROUNDS = 7;
const BAR = { kind: 'at-most', ratio: 5 } as const;

/** How long a server may take to its first features, in milliseconds. */
const PATIENCE = 15_000;

/** From the start of the process to the first stream features, beside Prosody. */
export async function firstFeatures(lab: Lab): Promise<Figure[]> {
  const site = await prosodySite(lab);
  const used = await lab.folder('start-again');
  await hubStart(lab, used);
  const [first, again, prosody]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    first.push(await hubStart(lab, await lab.folder('start')));
    again.push(await hubStart(lab, used));
    prosody.push(await timed(site.ports.plain, PROSODY_DOMAIN, () => startProsody(lab, site)));
  }
  const rest = { bench: 'start', unit: 'ms', yardstick: 'Prosody', beside: median(prosody), bar: BAR };
  return [
    { what: 'first features, started again', hub: median(again), ...rest },
    { what: 'first features, very first start', hub: median(first), ...rest },
  ];
}

async function hubStart(lab: Lab, data: string): Promise<number> {
  const port = await freePort();
  const set = ['domain=bench.local', `server.port=${port}`];
  return timed(port, 'bench.local', () => lab.keep(spawnHub(lab, { data, set })));
}

/** Milliseconds from the start to the features. Stops the server again. */
async function timed(port: number, domain: string, begin: () => Child): Promise<number> {
  const began = performance.now();
  const child = begin();
  await child.lives(features(port, domain, began + PATIENCE));
  const taken = performance.now() - began;
  await child.stop();
  return taken;
}

/** Tries to connect until somebody listens, then waits for the features. */
async function features(port: number, domain: string, deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    if (await offersFeatures(port, domain)) return;
    await pause(2);
  }
  throw new Error('The server offered no stream features.');
}

function offersFeatures(port: number, domain: string): Promise<boolean> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port });
    const end = (offered: boolean) => {
      socket.destroy();
      resolve(offered);
    };
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      const names = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
      socket.write(`<?xml version='1.0'?><stream:stream to='${domain}' version='1.0' ${names}>`);
    });
    socket.on('data', (part) => {
      text += part;
      if (text.includes('</stream:features>')) end(true);
    });
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}
