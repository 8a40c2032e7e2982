import dgram from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { decodeMessage, encodeMessage } from '../../../src/discovery/mdns/codec.js';

// Asks the LAN for the addresses of a name ten times a second, over IPv4 and IPv6, as a plain resolver that remembers
// nothing (RFC 6762 §5.1). Prints `TIME FAMILY ADDRESSES` whenever an answer differs from the last one by that family,
// and `TIME FAMILY silence` when none came for 600 ms. TIME is in milliseconds since 1970.
const [name = '', link = 'eth0'] = process.argv.slice(2);
const SILENCE = 600;
const questions = ['A', 'AAAA'].map((type) => ({ name, type, class: 'IN' }));
const question = encodeMessage({ id: 7, type: 'query', questions });

function watch(family: 'IPv4' | 'IPv6', group: string, from: string): void {
  const socket = dgram.createSocket(family === 'IPv4' ? 'udp4' : 'udp6');
  let last = '';
  let heard = Date.now();
  const tell = (text: string): void => {
    if (text !== last) process.stdout.write(`${Date.now()} ${family} ${text}\n`);
    last = text;
  };
  socket.on('message', (bytes) => {
    const { answers = [], additionals = [] } = decodeMessage(bytes);
    const addresses = [...answers, ...additionals]
      .filter((record) => record.name === name && (record.type === 'A' || record.type === 'AAAA'))
      .map(({ data }) => String(data));
    heard = Date.now();
    tell([...new Set(addresses)].sort().join(' '));
  });
  socket.bind(0, () => {
    socket.setMulticastInterface(from);
    setInterval(() => {
      socket.send(question, 5353, group);
      if (Date.now() - heard > SILENCE) tell('silence');
    }, 100);
  });
}

const own = networkInterfaces()[link]?.find(({ family }) => family === 'IPv4')?.address;
if (own !== undefined) watch('IPv4', '224.0.0.251', own);
watch('IPv6', `ff02::fb%${link}`, `::%${link}`);
