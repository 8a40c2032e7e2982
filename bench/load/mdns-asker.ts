import dgram from 'node:dgram';
import { decodeMessage, encodeMessage } from '../../src/discovery/mdns/codec.js';

// An mDNS speaker with a stop-watch: `mdns-asker ADDRESS [ROUNDS TARGET…]`. Without rounds it tells each response that
// says something, `heard FROM AT`. With rounds it asks each target, `FROM SRV-NAME PTR-NAME`, for the one and, when a
// second has passed since anybody said it, for the other; and tells the milliseconds as JSON at the end.
const GROUP = '224.0.0.251';
const PORT = 5353;
/** Milliseconds in which nothing that was said is said again, with some more. RFC 6762 §6 */
const BETWEEN = 1300;

const [address = '', rounds, ...targets] = process.argv.slice(2);
const now = (): number => performance.timeOrigin + performance.now();
const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
const waiting = new Map<string, () => void>();

socket.on('message', (bytes, { address: from }) => {
  const at = now();
  const { type, answers = [] } = decodeMessage(bytes);
  const said = answers.filter(({ ttl = 0 }) => ttl > 0);
  if (type !== 'response' || said.length === 0) return;
  if (rounds === undefined) process.stdout.write(`heard ${from} ${at}\n`);
  for (const record of said) waiting.get(`${from} ${record.type} ${record.name}`)?.();
});
await new Promise<void>((resolve) => socket.bind(PORT, () => resolve()));
socket.addMembership(GROUP, address);
socket.setMulticastInterface(address);
socket.setMulticastTTL(255);
process.stdout.write('listening\n');

/** Milliseconds until the answer; `undefined` for none before the next question. */
function ask(from: string, type: string, name: string): Promise<number | undefined> {
  const key = `${from} ${type} ${name}`;
  const packet = encodeMessage({ type: 'query', questions: [{ name, type, class: 'IN' }] });
  return new Promise((resolve) => {
    const begin = now();
    const timer = setTimeout(() => resolve(undefined), BETWEEN - 100);
    waiting.set(key, () => {
      const taken = now() - begin;
      clearTimeout(timer);
      waiting.delete(key);
      resolve(taken);
    });
    socket.send(packet, PORT, GROUP);
  });
}

if (rounds !== undefined) {
  const parts = targets.map((target) => target.split(' '));
  const times = parts.map(() => ({
    unique: [] as (number | undefined)[],
    shared: [] as (number | undefined)[],
  }));
  for (let round = 0; round < Number(rounds); round++) {
    for (const kind of ['unique', 'shared'] as const) {
      const pause = new Promise((resolve) => setTimeout(resolve, BETWEEN));
      const asked = parts.map(async ([from = '', service = '', pointer = ''], i) => {
        const taken = await (kind === 'unique' ? ask(from, 'SRV', service) : ask(from, 'PTR', pointer));
        times[i]?.[kind].push(taken);
      });
      await Promise.all([pause, ...asked]);
    }
  }
  process.stdout.write(`${JSON.stringify(times)}\n`);
  socket.close();
}
