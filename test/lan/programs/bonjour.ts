import { Bonjour } from 'bonjour-service';

// Prints services that come and go, as bonjour-service sees them, until it is ended.
const browser = new Bonjour().find({ type: 'xmpp-client' });
browser.on('up', ({ name, host, port, addresses, txt }) => {
  process.stdout.write(`up ${JSON.stringify({ name, host, port, addresses, txt })}\n`);
});
browser.on('down', ({ name }) => process.stdout.write(`down ${name}\n`));
process.stdout.write('browsing\n');
