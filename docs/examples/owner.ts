// An owner's program: claims what its arguments name, then lists the lamps of the house.
import { logIn, RequestRefused } from 'hearth/thing';

const { registry, close } = await logIn({
  account: { name: 'anna', password: process.env.PASSWORD ?? '' },
});

for (const code of process.argv.slice(2)) {
  try {
    const { thing } = await registry.claim(code, { public: true });
    await registry.update(thing, { NAME: 'New', FLOOR: 2 });
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    console.error(error.condition === 'item-not-found' ? `Nothing to claim: ${code}` : error.message);
  }
}

for await (const { thing, tags } of registry.searchAll(['CLASS=lamp', 'LAT=59..60'])) {
  console.log(thing.jid, thing.nodeId, tags.map(({ name, value }) => `${name}=${value}`).join(' '));
}

await close();
