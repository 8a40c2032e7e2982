import { describe, expect, it } from 'vitest';
import type { Tokens } from '../../src/domain/access.js';
import type { Caller } from '../../src/domain/command.js';
import { HUB, openCore } from './core-stage.js';

const ANNA = 'anna@pronto.local';
const BERT = 'bert@pronto.local';
const EVE = 'eve@pronto.local';
const node = { nodeId: '', sourceId: '', cacheType: '' };
const none: Tokens = { service: [], device: [], user: [] };
const tags = [{ name: 'KEY', value: 'k' }];

const caller = (jid: string): Caller => ({ jid, assurance: 'sasl', hub: HUB });
const lamp = caller('lamp@pronto.local');

/** Registry and provisioning; the lamp is anna's. */
async function open() {
  const hub = await openCore({ owners: [ANNA, BERT] });
  const { services } = hub.core;
  const register = () => services.register({ node, selfOwned: false, tags, generation: 'xmpp' }, lamp);
  const claim = (jid: string) => services.claim({ tags, public: true }, caller(jid));
  const canRead = (tokens = none) =>
    services['can-read']({ jid: EVE, tokens, categories: [], nodes: [], fields: [] }, lamp);
  await register();
  await claim(ANNA);
  return { ...hub, services, register, claim, canRead };
}

describe('what an owner decided', () => {
  it('about what else a thing trusts is not the next owner’s word', async () => {
    const { core, services, register, claim } = await open();
    await core.provisioning.setDevice.run(lamp.jid, 'secondaryTrust', true, ANNA);
    const asked = { jid: EVE };
    expect(await services['is-friend'](asked, lamp)).toMatchObject({ secondaryTrust: true });
    await services.unregister({ node }, lamp);
    await register();
    await claim(BERT);
    expect(await services['is-friend'](asked, lamp)).toMatchObject({ secondaryTrust: false });
  });

  it('abuse 45: is nothing once the records are damaged, also for who has just asked', async () => {
    const { core, store, canRead } = await open();
    const thing = { jid: lamp.jid, ...node };
    const rule = { kind: 'read', thing, subject: { kind: 'all' }, allow: true } as const;
    await core.provisioning.book.run(rule, ANNA);
    expect(await canRead({ ...none, service: ['some'] })).toMatchObject({ result: true });
    const asked = canRead({ ...none, service: ['some'] });
    store.report('a record is not what it was');
    expect(await asked).toMatchObject({ result: false });
  });
});
