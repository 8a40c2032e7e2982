import dgram from 'node:dgram';
import { decodeMessage, encodeMessage } from '../../../src/discovery/mdns/codec.js';

// Asks one machine for the addresses of a name by unicast, as a plain resolver, three times; prints each answer.
const [server = '', name = ''] = process.argv.slice(2);
for (let id = 1; id <= 3; id++) {
  const socket = dgram.createSocket('udp4');
  const answer = await new Promise<string>((resolve) => {
    socket.once('message', (bytes) => {
      const { answers = [] } = decodeMessage(bytes);
      resolve(answers.map(({ data }) => String(data)).join(' '));
    });
    setTimeout(() => resolve('silence'), 1000).unref();
    const packet = encodeMessage({ id, type: 'query', questions: [{ name, type: 'A', class: 'IN' }] });
    socket.send(packet, 5353, server);
  });
  socket.close();
  process.stdout.write(`${answer}\n`);
}
