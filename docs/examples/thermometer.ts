// A thermometer with one field. It is plain JavaScript too: Node runs it as thermometer.mjs.
import { readFile } from 'node:fs/promises';
import { Thing } from 'hearth/thing';

const thermometer = new Thing({
  kind: 'thermometer',
  folder: '/var/lib/thermometer',
  tags: { MAN: 'example.org', MODEL: 'T1', ROOM: 'attic' },
  fields: [
    {
      name: 'Temperature',
      unit: '°C',
      decimals: 1,
      read: async () => Number(await readFile('/sys/class/thermal/thermal_zone0/temp', 'utf8')) / 1000,
    },
  ],
});

thermometer.on('trouble', ({ error }) => console.error(error.message));
thermometer.on('claimed', ({ owner }) => console.log(`It belongs to ${owner} now.`));
thermometer.on('friend', ({ jid, accepted }) =>
  console.log(`${jid} is ${accepted ? 'a friend' : 'refused'}.`),
);
thermometer.on('read', ({ by, fields }) => console.log(`${by} read ${fields.join(', ')}.`));

await thermometer.start();
console.log(`Claim it with: hearth claim '${thermometer.claimCode}'`);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void thermometer.stop());
