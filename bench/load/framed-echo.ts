// The least that can answer: finds the end of each stanza and answers with as many bytes as the hub does. Its arguments
// are the reply in base 64 and `each` (a write for each reply) or `joined` (a write for each piece that was read).
// Prints its port.
import { createServer } from 'node:net';

const END = Buffer.from('</iq>');
const reply = Buffer.from(process.argv[2] ?? '', 'base64');
const joined = process.argv[3] === 'joined';

const server = createServer((socket) => {
  let rest = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    const replies: Buffer[] = [];
    for (let end = bytes.indexOf(END, start); end >= 0; end = bytes.indexOf(END, start)) {
      start = end + END.length;
      if (joined) replies.push(reply);
      else socket.write(reply);
    }
    if (replies.length > 0) socket.write(Buffer.concat(replies));
    rest = bytes.subarray(start);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(address !== null && typeof address === 'object' ? address.port : address);
});
process.on('SIGTERM', () => process.exit(0));
