import { describe, expect, it } from 'vitest';
import type { IsFriendAnswer } from '../../src/domain/command.js';
import { HUB, openCore } from './core-stage.js';

const ANNA = 'anna@pronto.local';
const lamp = { jid: 'lamp@pronto.local', assurance: 'sasl', hub: HUB } as const;

/** Registry and provisioning without any edge; the lamp is anna's, and has asked about one stranger. */
async function open() {
  const { core, indexes } = await openCore({ owners: [ANNA] });
  const tags = [{ name: 'KEY', value: 'k' }];
  const node = { nodeId: '', sourceId: '', cacheType: '' };
  await core.services.register({ node, selfOwned: false, tags, generation: 'nf' }, lamp);
  await core.services.claim({ tags, public: true }, { jid: ANNA, assurance: 'sasl', hub: HUB });
  const ask = (jid: string): Promise<IsFriendAnswer> =>
    Promise.resolve(core.services['is-friend']({ jid }, lamp));
  await ask('first@pronto.local');
  return { core, indexes, ask };
}

describe('a question that meets the decision on its way to the disk', () => {
  const allowAll = { number: 1, allow: true, range: 'all' } as const;

  it('is answered by the decision, and waits for nobody, where the decision came first', async () => {
    const { core, indexes, ask } = await open();
    const decided = core.provisioning.decide.run(allowAll, ANNA);
    const asked = ask('eve@pronto.local');
    await decided;
    expect(await asked).toMatchObject({ result: true });
    expect(indexes.questions.all()).toEqual([]);
  });

  it('is answered by the decision, which closes it too, where the question came first', async () => {
    const { core, indexes, ask } = await open();
    const asked = ask('eve@pronto.local');
    await core.provisioning.decide.run(allowAll, ANNA);
    expect(await asked).toMatchObject({ result: true });
    expect(indexes.questions.all()).toEqual([]);
  });

  it('is one question and one notice where the thing asks twice at once', async () => {
    const { core, indexes, ask } = await open();
    const before = core.outbox.count;
    const answers = await Promise.all([ask('eve@pronto.local'), ask('eve@pronto.local')]);
    expect(answers.map(({ result }) => result)).toEqual([false, false]);
    expect(indexes.questions.all()).toHaveLength(2);
    // The notice of the first question still waits, so this one joins it.
    expect(core.outbox.count).toBe(before);
  });
});
