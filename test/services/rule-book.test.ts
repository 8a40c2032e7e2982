import { describe, expect, it } from 'vitest';
import { deviceAddress } from '../../src/domain/node-address.js';
import type { RuleDraft } from '../../src/domain/rule-scope.js';
import { HUB, openCore } from './core-stage.js';

const ANNA = 'anna@pronto.local';
const APP = 'app@pronto.local';
const METER = { jid: 'meter@pronto.local', assurance: 'sasl', hub: HUB } as const;

async function open() {
  const { core, indexes } = await openCore({ owners: [ANNA] });
  const tags = [{ name: 'KEY', value: 'k' }];
  const node = { nodeId: '', sourceId: '', cacheType: '' };
  await core.services.register({ node, selfOwned: false, tags, generation: 'nf' }, METER);
  await core.services.claim({ tags, public: true }, { ...METER, jid: ANNA });
  const { book } = core.provisioning;
  const canRead = (fields: readonly string[]) =>
    Promise.resolve(
      core.services['can-read'](
        { jid: APP, tokens: { service: [], device: [], user: [] }, categories: [], nodes: [], fields },
        METER,
      ),
    );
  return {
    core,
    indexes,
    canRead,
    says: (draft: Partial<RuleDraft>) => book.run({ ...rule, ...draft }, ANNA),
  };
}

const rule: RuleDraft = {
  kind: 'read',
  thing: deviceAddress(METER.jid),
  subject: { kind: 'jid', jid: APP },
  allow: true,
};

describe('what an owner says after what he said before', () => {
  it('takes the place of what it covers', async () => {
    const { says, indexes, canRead } = await open();
    await says({ allow: false, names: ['Secret'] });
    await says({ allow: true });
    expect([...indexes.rules.all()]).toHaveLength(1);
    expect(await canRead(['Secret'])).toMatchObject({ result: true });
    await says({ allow: false });
    expect([...indexes.rules.all()]).toHaveLength(1);
    expect(await canRead(['Temperature'])).toMatchObject({ result: false });
  });

  it('a permission under a wider denial is refused, and names it: taking that away would open more', async () => {
    const { says, canRead } = await open();
    await says({ subject: { kind: 'all' } });
    await says({ allow: false });
    await expect(says({ names: ['Temperature'] })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('hearth rules remove 2'),
    });
    expect(await canRead(['Temperature'])).toMatchObject({ result: false });
  });

  it('a denial of some names leaves the others to be asked about', async () => {
    const { says, canRead, indexes } = await open();
    await says({ allow: false, subject: { kind: 'all' }, names: ['Secret'] });
    expect(await canRead([])).toMatchObject({ result: false });
    expect(indexes.questions.all()).toMatchObject([{ caller: APP, kind: 'read' }]);
    expect(await canRead(['Secret'])).toMatchObject({ result: false });
    expect(indexes.questions.all()).toHaveLength(1);
  });
});
