import { createInterface } from 'node:readline';
import { Thing } from '../../../src/thing/index.js';

// A thing without a server that reads others: prints `online JID`, and for each JID on standard input `read JID VALUES`
// or `refused JID REASON`. Its state lies in the folder of the first argument.
const [folder = ''] = process.argv.slice(2);
const panel = new Thing({ kind: 'panel', folder, linkLocal: true, fields: [] });
await panel.start();
process.stdout.write(`online ${panel.jid}\n`);
for await (const jid of createInterface({ input: process.stdin })) {
  try {
    const { readings } = await panel.read(jid);
    const values = readings.map(({ name, value }) => `${name}=${value}`);
    process.stdout.write(`read ${jid} ${values.join(' ')}\n`);
  } catch (error) {
    process.stdout.write(`refused ${jid} ${String(error)}\n`);
  }
}
await panel.stop();
