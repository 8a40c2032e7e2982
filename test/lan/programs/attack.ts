import dgram from 'node:dgram';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { encodeMessage, type WireMessage, type WireQuestion } from '../../../src/discovery/mdns/codec.js';

// What a hostile neighbour sends: `attack TARGET questions|mutations|inventions COUNT OWN-ADDRESS…`. It waits until the
// target has read what was sent, so that nothing gets lost before it counts, and prints what it did.
const [target = '', what, count = '0', ...own] = process.argv.slice(2);
const [GROUP, PORT, TYPE] = ['224.0.0.251', 5353, '_presence._tcp.local'];
/** Datagrams on their way at once: the target's socket holds more. */
const BATCH = 100;

function open(address: string): Promise<dgram.Socket> {
  const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
  return new Promise((resolve) =>
    socket.bind(PORT, address, () => {
      socket.setMulticastInterface(address);
      socket.setMulticastTTL(255);
      resolve(socket);
    }),
  );
}

/** Calls with each datagram that the target sends to all. */
function listen(heard: (bytes: Buffer) => void): Promise<void> {
  const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
  socket.on('message', (bytes, { address }) => address === target && heard(bytes));
  return new Promise((resolve) =>
    socket.bind(PORT, GROUP, () => {
      socket.addMembership(GROUP, own[0]);
      resolve();
    }),
  );
}

/** Sends `count` datagrams, each once the target has read almost all before it. */
async function flood(next: (i: number) => { from: dgram.Socket; bytes: Buffer }): Promise<void> {
  const control = connect(7000, target);
  const lines = createInterface({ input: control })[Symbol.asyncIterator]();
  const read = async (): Promise<number> => {
    control.write('heard\n');
    return Number((await lines.next()).value);
  };
  const begin = await read();
  for (let i = 0; i < Number(count); i++) {
    const { from, bytes } = next(i);
    await new Promise((sent) => from.send(bytes, PORT, GROUP, sent));
    if (i % BATCH !== BATCH - 1) continue;
    for (let tries = 0; tries < 100 && (await read()) - begin < i; tries++);
  }
  process.stdout.write(`sent ${count}, read ${(await read()) - begin}\n`);
  control.end();
}

const question = (name: string, type: string): WireQuestion => ({ name, type, class: 'IN' });

async function questions(from: dgram.Socket): Promise<void> {
  const names = ['_xmpp-client._tcp.local', TYPE, '_services._dns-sd._udp.local'];
  const all = Array.from({ length: Number(count) }, (_, i) => question(names[i % names.length] ?? '', 'PTR'));
  const answers: number[] = [];
  // The hub asks questions of its own: RFC 1035 §4.1.1 tells answers by their first bit.
  await listen((bytes) => {
    if (((bytes[2] ?? 0) & 0x80) !== 0) answers.push(bytes.length);
  });
  from.send(encodeMessage({ type: 'query', questions: all }), PORT, GROUP);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  process.stdout.write(`answers ${JSON.stringify(answers)}\n`);
}

/** What is really said on a LAN with a hub: its own answers, and what people's programs ask and tell. */
async function realPackets(from: dgram.Socket): Promise<Buffer[]> {
  const name = `anna@laptop.${TYPE}`;
  const host = 'laptop.local';
  const said: WireMessage[] = [
    { type: 'query', questions: [question('_xmpp-client._tcp.local', 'PTR'), question(TYPE, 'PTR')] },
    {
      type: 'query',
      questions: [{ ...question(host, 'ANY'), unicast: true }],
      authorities: [{ name: host, type: 'A', class: 'IN', ttl: 120, data: own[0] }],
    },
    {
      type: 'response',
      flags: 0x400,
      answers: [
        { name: TYPE, type: 'PTR', class: 'IN', ttl: 4500, data: name },
        { name, type: 'SRV', class: 'IN', ttl: 120, flush: true, data: { port: 5298, target: host } },
        { name, type: 'TXT', class: 'IN', ttl: 4500, flush: true, data: ['txtvers=1', 'status=avail'] },
        { name: host, type: 'A', class: 'IN', ttl: 120, flush: true, data: own[0] },
      ],
    },
  ];
  const packets = said.map((message) => encodeMessage(message));
  return new Promise((resolve) => {
    const collect = (bytes: Buffer): void => {
      if (packets.length < 6 && packets.push(bytes) === 6) resolve(packets);
    };
    void listen(collect).then(() => from.send(packets[0] ?? '', PORT, GROUP));
    setTimeout(resolve, 2000, packets);
  });
}

/** A generator of numbers below `limit`, the same in every run (mulberry32). */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

function mutate(original: Buffer, pick: (limit: number) => number): Buffer {
  const bytes = Buffer.from(original);
  for (let changes = 1 + pick(4); changes > 0; changes--) {
    const at = pick(bytes.length);
    const kinds = [
      () => bytes.writeUInt8(pick(256), at),
      () => bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << pick(8)), at),
      () => bytes.writeUInt16BE(0xc000 | pick(bytes.length), Math.min(at, bytes.length - 2)), // a pointer
      () => bytes.writeUInt16BE([0, 1, 255, 65535][pick(4)] ?? 0, 2 + 2 * pick(5)), // flags and counts
      () => bytes.copy(bytes, at, pick(bytes.length)),
    ];
    kinds[pick(kinds.length)]?.();
  }
  return pick(8) === 0 ? bytes.subarray(0, 1 + pick(bytes.length)) : bytes;
}

function invent(i: number, address: string): Buffer {
  const name = `guest-${i}@phone-${i}.${TYPE}`;
  const host = `phone-${i}.local`;
  return encodeMessage({
    type: 'response',
    flags: 0x400,
    answers: [
      { name: TYPE, type: 'PTR', class: 'IN', ttl: 4500, data: name },
      { name, type: 'SRV', class: 'IN', ttl: 120, flush: true, data: { port: 5298, target: host } },
      { name, type: 'TXT', class: 'IN', ttl: 4500, flush: true, data: [`status=${'avail'.repeat(40)}`] },
      { name: host, type: 'A', class: 'IN', ttl: 120, flush: true, data: address },
    ],
  });
}

const sockets = await Promise.all(own.map(open));
const [first] = sockets;
if (first === undefined) throw new Error('attack needs an address of its own');
if (what === 'questions') await questions(first);
if (what === 'mutations') {
  const [packets, pick] = [await realPackets(first), numbers(1)];
  process.stdout.write(`from ${packets.length} real packets\n`);
  await flood(() => ({
    from: first,
    bytes: mutate(packets[pick(packets.length)] ?? Buffer.alloc(12), pick),
  }));
}
if (what === 'inventions') {
  await flood((i) => {
    const at = i % sockets.length;
    return { from: sockets[at] ?? first, bytes: invent(i, own[at] ?? '') };
  });
}
process.exit(0);
