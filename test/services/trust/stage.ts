import type { Assurance, Caller } from '../../../src/domain/command.js';
import { HubError } from '../../../src/domain/errors.js';
import type { LinkVerdict } from '../../../src/domain/pin.js';
import { notices, pins } from '../../../src/storage/keys.js';
import { type CoreStageOptions, HUB, openCore } from '../core-stage.js';

export const ANNA = 'anna@pronto.local';
export const BERT = 'bert@pronto.local';

/** The fingerprint of a certificate, by a letter or digit of hex. */
export const print = (digit: string) => digit.repeat(64);

/** The code of the refusal that a request ends with; `done` where it has none. */
export async function outcome(request: () => unknown): Promise<string> {
  try {
    await request();
    return 'done';
  } catch (error) {
    if (error instanceof HubError) return error.code;
    throw error;
  }
}

/** Registry, provisioning and trust without any edge; Anna and Bert are owners. */
export async function openTrust(options: Partial<CoreStageOptions> = {}) {
  const stage = await openCore({ owners: [ANNA, BERT], ...options });
  const { core, store, indexes, clock } = stage;
  const { services, link } = core;
  const trust = link.trustPeer(store, core.provisioning.book, { clock });

  /** Somebody on the link, as the edge lets him in. */
  const peer = (jid: string, certificate?: string): Caller => {
    const verdict: LinkVerdict = link.trust.admit(jid, certificate);
    const assurance: Assurance = verdict === 'certificate' ? 'certificate' : 'unverified';
    return { jid, assurance, certificate, hub: HUB, dialect: 'nf' };
  };
  const account = (jid: string): Caller => ({ jid, assurance: 'sasl', hub: HUB, dialect: 'nf' });
  const node = { nodeId: '', sourceId: '', cacheType: '' };
  const tagsOf = (caller: Caller, key = `key of ${caller.jid}`) => [{ name: 'KEY', value: key }];
  const register = (caller: Caller, key?: string, selfOwned = false) =>
    services.register({ node, selfOwned, tags: tagsOf(caller, key), generation: 'nf' }, caller);
  const claim = (thing: string, owner = ANNA) =>
    services.claim({ tags: tagsOf(account(thing)), public: true }, account(owner));
  const pinOf = async (jid: string) => (await store.get(pins, jid))?.certificate;
  /** What owners are told that waits to be read, oldest first. */
  const told = async () => {
    const list: { readonly to: string; readonly text: string }[] = [];
    for await (const [, { to, body }] of store.scan(notices))
      if (body.operation === 'tell') list.push({ to, text: body.text });
    return list;
  };
  /** All that waits to be told is told. */
  const read = () =>
    store.transact(async (transaction) => {
      for await (const [seq] of transaction.scan(notices)) transaction.delete(notices, seq);
    });
  /** Once everything that was begun is on the disk. */
  const written = () => store.transact(() => undefined);
  /** What the audit says of an operation. */
  const audited = async (what: string) => {
    await written();
    return indexes.audit
      .last(1000)
      .filter((entry) => entry.what === what)
      .map(({ by, about, outcome: became }) => ({ by, about, became }));
  };
  return {
    ...stage,
    services,
    link,
    trust,
    peer,
    account,
    node,
    register,
    claim,
    pinOf,
    told,
    read,
    written,
    audited,
  };
}
