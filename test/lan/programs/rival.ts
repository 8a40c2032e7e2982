import dgram from 'node:dgram';
import { decodeMessage, encodeMessage, type WireRecord } from '../../../src/discovery/mdns/codec.js';

// A machine that says a host name is its own and asks nobody, as small devices do: it announces the name with its address
// at once, and answers for it. Prints `announced`, and `taken ADDRESS` when somebody takes back a record with its address.
const [name = '', address = ''] = process.argv.slice(2);
const GROUP = '224.0.0.251';
const records: WireRecord[] = [{ name, type: 'A', class: 'IN', ttl: 120, flush: true, data: address }];
const packet = encodeMessage({ type: 'response', flags: 0x400, answers: records });

const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
const announce = (then: () => void = () => undefined): void => socket.send(packet, 5353, GROUP, then);
socket.on('message', (bytes) => {
  const { type, questions = [], answers = [], additionals = [] } = decodeMessage(bytes);
  if (type === 'query' && questions.some((question) => question.name === name)) announce();
  for (const { data, ttl } of [...answers, ...additionals]) {
    if (ttl === 0 && data === address) process.stdout.write(`taken ${String(data)}\n`);
  }
});
socket.bind(5353, GROUP, () => {
  socket.addMembership(GROUP, address);
  socket.setMulticastInterface(address);
  socket.setMulticastTTL(255);
  announce(() => process.stdout.write(`announced ${Date.now()}\n`));
});
