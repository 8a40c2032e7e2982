import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubCourier } from '../../src/main/hub-courier.js';
import type { Delivery } from '../../src/services/notices.js';
import { SystemRandom } from '../../src/system/random.js';
import { PendingRequests } from '../../src/xmpp/pending-requests.js';
import { Router } from '../../src/xmpp/router.js';
import { header, LinkStage } from '../link-local/link-stage.js';

const LAMP = '192.0.2.5';
const node = { nodeId: '', sourceId: '', cacheType: '' };

let stage: LinkStage;
let deliver: () => Promise<Delivery>;

beforeEach(async () => {
  stage = new LinkStage();
  const hub = await stage.actor('hub@home', '192.0.2.1');
  const facts = {
    mannerOf: () => ({ generation: 'siot' as const, hub: 'hub.home.local' }),
    ownerManner: () => undefined,
    question: () => undefined,
  };
  const contacts = {
    reach: (jid: string) => [{ peer: hub.peer(jid), known: true }],
    isHere: () => true,
  };
  const pending = new PendingRequests(stage.clock, new SystemRandom());
  const courier = new HubCourier(
    'hub.home.local',
    facts,
    contacts,
    pending,
    new Router(stage.log),
    stage.log,
  );
  const thing = { jid: 'lamp@pronto', ...node };
  const body = { operation: 'claimed', thing, owner: 'anna@home.local', public: false } as const;
  deliver = () => courier.deliver({ seq: 1, to: thing.jid, body, createdAt: 0 });
});

afterEach(() => stage.stop());

describe('a notice that nobody acknowledges, to a thing on the link', () => {
  it('is kept while the thing is announced and not there', async () => {
    stage.presences.announce({ instance: 'lamp@pronto', port: 5298, addresses: [LAMP] });
    expect(await deliver()).toBe('unanswered');
    const lamp = await stage.listener('lamp@pronto', LAMP, 5298);
    const delivered = deliver();
    stage.clock.advance(1000);
    const call = await lamp.call();
    call.writes(header({ from: 'lamp@pronto' }));
    expect(await call.reads('</message>')).toContain("<owner xmlns='urn:xmpp:siot:1'");
    expect(await delivered).toBe('acknowledged');
  });

  it('is kept where the thing leaves before it could be called', async () => {
    await stage.listener('lamp@pronto', LAMP);
    const delivered = deliver();
    stage.presences.withdraw('lamp@pronto');
    expect(await delivered).toBe('unanswered');
  });
});
