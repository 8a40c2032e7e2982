import type dgram from 'node:dgram';
import type { InterfaceAddress } from '../system/network.js';
import type { World } from '../system/world.js';
import { encodeInform, type Inform, readInformAnswer } from './dhcp-message.js';

const CLIENT_PORT = 68;
const SERVER_PORT = 67;
const EVERYBODY = '255.255.255.255';

/** When the question is sent, and when nobody is waited for any more, in milliseconds since the beginning. */
const SENDINGS = [0, 1000, 3000];
const END = 4000;

/** What asking needs. */
export type InformWorld = Pick<World, 'clock' | 'random' | 'network' | 'files' | 'log'>;

/** How to ask. */
export interface InformOptions {
  /** Breaks the question off. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the DHCP servers of all LANs for the XMPP server by DHCPINFORM, and resolves with the names in the order in which
 * they came, within four seconds. RFC 2131 §4.4.3, [0347 3.3.1] Rejects if the port of DHCP clients cannot be had, with a
 * text that says what to do.
 */
export async function askDhcp(
  world: InformWorld,
  { signal }: InformOptions = {},
): Promise<readonly string[]> {
  const lans = world.network.interfaces().filter(isLan);
  const answers = await Promise.all(lans.map((lan) => askOn(lan, world, signal)));
  return [...new Set(answers.filter((name) => name !== ''))];
}

function isLan({ family, internal, netmask, address }: InterfaceAddress): boolean {
  return family === 'IPv4' && !internal && netmask !== '255.255.255.255' && !address.startsWith('169.254.');
}

/** Asks on one LAN: a socket that is bound to its address sends to everybody there, and hears what is for it alone. */
async function askOn(lan: InterfaceAddress, world: InformWorld, signal?: AbortSignal): Promise<string> {
  const { network, random } = world;
  const xid = random.bytes(4).readUInt32BE();
  const inform: Inform = { xid, address: lan.address, hardware: await hardwareOf(lan.name, world) };
  const socket = network.datagram({ type: 'udp4', reuseAddr: true });
  try {
    await bind(socket, lan.address);
    socket.setBroadcast(true);
    return await exchange(socket, inform, world, signal);
  } finally {
    socket.close();
  }
}

function exchange(
  socket: dgram.Socket,
  inform: Inform,
  { clock, log }: InformWorld,
  signal?: AbortSignal,
): Promise<string> {
  return new Promise((resolve) => {
    const send = () =>
      socket.send(encodeInform(inform), SERVER_PORT, EVERYBODY, (error) => {
        if (error !== null)
          log.warn('DHCP could not be asked.', { address: inform.address, error: String(error) });
      });
    const end = (name: string) => {
      for (const timer of timers) timer.cancel();
      signal?.removeEventListener('abort', breakOff);
      resolve(name);
    };
    const breakOff = () => end('');
    const timers = SENDINGS.map((ms) => clock.after(ms, send, 'ask DHCP'));
    timers.push(clock.after(END, breakOff, 'answer of DHCP'));
    socket.on('error', (error) => {
      log.warn('DHCP could not be asked.', { address: inform.address, error: String(error) });
      breakOff();
    });
    socket.on('message', (bytes, { port }) => {
      const name = port === SERVER_PORT ? readInformAnswer(bytes, inform) : undefined;
      // Another server may name one where this does not.
      if (name !== undefined && name !== '') end(name);
    });
    signal?.addEventListener('abort', breakOff);
    if (signal?.aborted === true) breakOff();
  });
}

function bind(socket: dgram.Socket, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', (cause: NodeJS.ErrnoException) => reject(new Error(portText(cause), { cause })));
    socket.bind({ port: CLIENT_PORT, address }, () => {
      socket.removeAllListeners('error');
      resolve();
    });
  });
}

function portText({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EACCES')
    return `DHCP answers to port ${CLIENT_PORT} only, and this program may not use it: give it CAP_NET_BIND_SERVICE, or let it read the lease of the machine's own DHCP client.`;
  if (code === 'EADDRINUSE')
    return `The machine's own DHCP client has port ${CLIENT_PORT}: let the thing read its lease instead.`;
  return `DHCP cannot be asked: ${message}.`;
}

/** The hardware address, as the kernel tells it; zeros where it tells none. */
async function hardwareOf(name: string, { files }: InformWorld): Promise<Buffer> {
  const path = `/sys/class/net/${name}/address`;
  const bytes = await files.read(path).catch(() => undefined);
  const [, hex = ''] = /^((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\s*$/i.exec(bytes?.toString('latin1') ?? '') ?? [];
  return hex === '' ? Buffer.alloc(6) : Buffer.from(hex.replaceAll(':', ''), 'hex');
}
