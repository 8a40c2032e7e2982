// A gateway with two radiators behind it, each claimed, read and controlled on its own.
import { type NodeOptions, Thing } from 'hearth/thing';

const targets = new Map([
  ['hall', 18],
  ['bath', 21],
]);

function radiator(room: string): NodeOptions {
  return {
    nodeId: room,
    kind: 'radiator',
    tags: { MAN: 'example.org', ROOM: room },
    fields: [{ name: 'Target', unit: '°C', read: () => targets.get(room) ?? 0 }],
    parameters: [
      {
        name: 'Target',
        type: 'double',
        min: 5,
        max: 30,
        get: () => targets.get(room) ?? 0,
        set: (value) => void targets.set(room, value),
      },
    ],
  };
}

const gateway = new Thing({
  kind: 'gateway',
  folder: '/var/lib/gateway',
  nodes: [...targets.keys()].map(radiator),
});

gateway.on('claimable', ({ node, claimCode }) => console.log(`${node?.nodeId}: hearth claim '${claimCode}'`));
gateway.on('claimed', ({ node, owner }) => console.log(`${node?.nodeId} belongs to ${owner} now.`));
gateway.on('disowned', ({ node }) => console.log(`${node?.nodeId} belongs to nobody any more.`));

await gateway.start();
await gateway.update({ V: 1.2 }, { nodeId: 'hall' });

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void gateway.stop());
