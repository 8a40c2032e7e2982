import { systemWorld } from '../../../src/system/world.js';
import { openSession } from '../../../src/thing/client/open-session.js';
import { CollectedLog } from '../../world/collected-log.js';

// An owner's messenger: logs in at the hub of this machine with domain, name and password, and prints `heard TEXT` for each
// message.
const [domain = '', name = '', password = ''] = process.argv.slice(2);
const world = systemWorld(new CollectedLog());
const connection = await world.network.connect({ host: '127.0.0.1', port: 5222 });
const account = { name, password };
const options = { domain, authority: undefined, account, create: 'never', resource: 'phone' } as const;
const session = await openSession(connection, options, world);
session.start({
  serves: () => true,
  receive: (stanza) => {
    const text = stanza.child('body')?.text();
    if (stanza.name === 'message' && text !== undefined) process.stdout.write(`heard ${text}\n`);
  },
});
session.sendPresence();
process.stdout.write('online\n');
await session.ended;
