import { Bonjour } from 'bonjour-service';

// Prints services of a type that come and go, as bonjour-service sees them, until it is ended.
const [type = ''] = process.argv.slice(2);
const browser = new Bonjour().find({ type });
browser.on('up', ({ name, host, port, addresses, txt }) => {
  process.stdout.write(`up ${JSON.stringify({ name, host, port, addresses, txt })}\n`);
});
browser.on('down', ({ name }) => process.stdout.write(`down ${name}\n`));
process.stdout.write('browsing\n');
