import { describe, expect, it } from 'vitest';
import { Jid } from '../../src/domain/jid.js';
import { Contacts } from '../../src/main/contacts.js';
import { type Edge, Edges } from '../../src/main/edges.js';
import type { Peer } from '../../src/xmpp/peer.js';

const THING = 'lamp@pronto';

describe('the ways to a thing', () => {
  it('a session comes before the link, whoever was there first', () => {
    const { edges, server, link } = ways();
    const byLink = link.come('link-local');
    expect(edges.availableOf(THING)).toEqual([byLink]);
    const bySession = server.come('c2s');
    expect(edges.availableOf(THING)).toEqual([bySession, byLink]);
    expect(edges.sessionsOf(THING)).toEqual([bySession, byLink]);
  });

  it('the link serves again when the session drops', () => {
    const { edges, server, link } = ways();
    const contacts = new Contacts(edges);
    const byLink = link.come('link-local');
    const bySession = server.come('c2s');
    expect(contacts.reach(THING).map(({ peer }) => peer)).toEqual([bySession, byLink]);
    server.leave();
    expect(contacts.reach(THING).map(({ peer }) => peer)).toEqual([byLink]);
    expect(contacts.isHere(bySession)).toBe(false);
  });
});

function ways() {
  const [server, link, edges] = [new OneSession(), new OneSession(), new Edges()];
  edges.add(server);
  edges.add(link);
  return { edges, server, link };
}

/** An edge that knows at most one peer. */
class OneSession implements Edge {
  private peer: Peer | undefined;

  come(edge: Peer['edge']): Peer {
    this.peer = { jid: Jid.parse(THING), edge, assurance: 'sasl', send: () => undefined };
    return this.peer;
  }

  leave(): void {
    this.peer = undefined;
  }

  sessionsOf(bare: string): readonly Peer[] {
    return this.peer?.jid.bare === bare ? [this.peer] : [];
  }

  availableOf(bare: string): readonly Peer[] {
    return this.sessionsOf(bare);
  }

  onReachable(): void {}
  onGone(): void {}
}
