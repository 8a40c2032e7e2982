import { Bonjour } from 'bonjour-service';

// One service that bonjour-service announces, until it is ended: `mdns-bonjour NAME TYPE`, the type as `bench`.
const [name = '', type = ''] = process.argv.slice(2);
new Bonjour({}, () => undefined).publish({ name, type, port: 5222, host: `${name}.local` });
process.stdout.write('ready\n');
