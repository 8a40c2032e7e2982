import dgram from 'node:dgram';
import { encodeMessage, type WireRecord } from '../../../src/discovery/mdns/codec.js';

// `guests COUNT TTL OWN-ADDRESS`: presences that are announced again and again, with records that live TTL seconds. When
// asked to end they say goodbye, once each, as all do.
const [count = '1', lifetime = '4', address = ''] = process.argv.slice(2);
const [GROUP, PORT, TYPE] = ['224.0.0.251', 5353, '_presence._tcp.local'];
const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });

async function tell(i: number, ttl: number): Promise<void> {
  const name = `guest-${i}@phone.${TYPE}`;
  const own = { class: 'IN', ttl, flush: true };
  const answers: WireRecord[] = [
    { name: TYPE, type: 'PTR', class: 'IN', ttl, data: name },
    { ...own, name, type: 'SRV', data: { port: 5000 + i, target: 'phone.local' } },
    { ...own, name, type: 'TXT', data: ['txtvers=1'] },
    ...(ttl === 0 ? [] : [{ ...own, name: 'phone.local', type: 'A', data: address }]),
  ];
  const packet = encodeMessage({ type: 'response', flags: 0x400, answers });
  await new Promise((sent) => socket.send(packet, PORT, GROUP, sent));
}

async function tellAll(ttl: number): Promise<void> {
  for (let i = 0; i < Number(count); i++) await tell(i, ttl);
}

socket.bind(PORT, address, () => {
  socket.setMulticastInterface(address);
  socket.setMulticastTTL(255);
  void tellAll(Number(lifetime));
  const again = setInterval(() => void tellAll(Number(lifetime)), Number(lifetime) * 500);
  process.on('SIGTERM', () => {
    clearInterval(again);
    void tellAll(0).then(() => process.exit(0));
  });
});
