import { beforeAll, describe, expect, it } from 'vitest';
import type { Services } from '../../src/dialects/bind.js';
import {
  discoveryNs,
  harmonizedGenerations,
  ownerNs,
  provisioningNs,
  siotNs,
  tokensNs,
} from '../../src/dialects/namespaces.js';
import { rows } from '../../src/dialects/table.js';
import { hubOperations } from '../../src/domain/command.js';
import { generations } from '../../src/domain/generation.js';
import { Jid } from '../../src/domain/jid.js';
import { HubAddresses } from '../../src/main/addresses.js';
import { domainHost, hubHost } from '../../src/main/hosts.js';
import { SystemRandom } from '../../src/system/random.js';
import type { Element } from '../../src/xmpp/element.js';
import { NS } from '../../src/xmpp/namespaces.js';
import type { Peer } from '../../src/xmpp/peer.js';
import { PendingRequests } from '../../src/xmpp/pending-requests.js';
import { fits, show } from '../exchange/pattern.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { examplesOf, type Specification } from './examples.js';
import { type Ask, hubOf } from './hub.js';
import { readStanzas } from './stanzas.js';

const ASKER = 'device@example.org/device';

/** Registry and provisioning are one address here; answers go to who asked; "..." stands for what is left out. */
function asHere(text: string): string {
  return text
    .replaceAll(/\b(discovery|provisioning|registry)([.@]example\.org)/g, 'hub$2')
    .replaceAll(/\bto="995fab[^"]*"/g, `to="${ASKER}"`)
    .replaceAll(/(<item [^>]*)\bname="[^"]*"/g, '$1name="{any}"')
    .replaceAll('...', '');
}

function examples(specification: Specification) {
  return examplesOf(specification)
    .filter(({ operation }) => operation === 'disco')
    .map((example) => [example.file, readStanzas(asHere(example.text))] as const);
}

describe.each(['xep-0347', 'xep-0324'] as const)(
  'service discovery of %s, asked of the hub',
  (specification) => {
    const all = examples(specification);
    let ask: Ask;

    beforeAll(async () => {
      ask = await hubOf('example.org');
    });

    /** The request that an answer of the examples belongs to. */
    const requestOf = (answer: Element): Element => {
      const found = all
        .flatMap(([, stanzas]) => stanzas)
        .find(
          (stanza) => stanza.attribute('type') === 'get' && stanza.attribute('id') === answer.attribute('id'),
        );
      if (found === undefined) throw new Error(`nothing asks for ${show(answer)}`);
      return found;
    };

    it.each(all)('%s', (_, stanzas) => {
      for (const stanza of stanzas) {
        const isRequest = stanza.attribute('type') === 'get';
        const answers = ask(isRequest ? stanza : requestOf(stanza));
        expect(answers.map((answer) => answer.attribute('type'))).toEqual(['result']);
        const wanted = isRequest
          ? readStanzas(`<iq type='result' from='${stanza.attribute('to')}'/>`)[0]
          : stanza;
        if (answers[0] === undefined || wanted === undefined) throw new Error('no answer');
        expect(fits(answers[0], wanted), show(answers[0])).toBe(true);
      }
    });
  },
);

describe('what service discovery leads to', () => {
  const served = rows.filter((row) => hubOperations.some((operation) => operation === row.operation));
  const namespaces = [...new Set(served.filter((row) => row.unlisted === undefined).map(({ ns }) => ns))];

  /** The features of the hub's item, of its account form and of the domain, where every operation has its service. */
  const features = (to: string): readonly string[] => {
    const clock = new ManualClock();
    const parts = {
      addresses: new HubAddresses('example.org'),
      services: Object.fromEntries(
        hubOperations.map((name) => [name, () => undefined]),
      ) as unknown as Services,
      pending: new PendingRequests(clock, new SystemRandom()),
      version: '1',
      presence: () => undefined,
      answered: () => undefined,
      log: new CollectedLog(),
    };
    const replies: Element[] = [];
    const address = Jid.parse(to);
    const peer: Peer = {
      jid: Jid.parse(ASKER),
      edge: 'c2s',
      assurance: 'sasl',
      send: (stanza) => replies.push(stanza),
    };
    const [request] = readStanzas(
      `<iq type='get' id='i' from='${ASKER}' to='${to}'><query xmlns='${NS.discoInfo}'/></iq>`,
    );
    const host = [hubHost(parts), domainHost(parts)].find((candidate) => candidate.serves(address));
    if (request !== undefined) host?.receive(request, address, peer);
    const children = replies.flatMap((reply) => reply.child('query', NS.discoInfo)?.elements() ?? []);
    return children.flatMap((child) => child.attribute('var') ?? []);
  };

  it('every namespace that the hub serves stands at the one item, and none at the domain', () => {
    const all = generations.map((generation) => [discoveryNs[generation], provisioningNs[generation]]);
    const both = harmonizedGenerations.map((generation) => [ownerNs[generation], tokensNs[generation]]);
    expect(namespaces.toSorted()).toEqual([...all.flat(), ...both.flat(), siotNs].toSorted());
    expect(features('hub.example.org')).toEqual(expect.arrayContaining(namespaces));
    expect(features('example.org')).not.toEqual([]);
    expect(features('example.org').filter((feature) => namespaces.includes(feature))).toEqual([]);
  });

  it('what has no namespace of its own is answered, and no feature', () => {
    const unlisted = served.filter((row) => row.unlisted !== undefined).map(({ ns }) => ns);
    expect(unlisted).toEqual(['jabber:client']);
    for (const address of ['hub.example.org', 'example.org'])
      expect(features(address)).not.toContain('jabber:client');
  });

  it('the account form that the TXT record names says the same', () => {
    expect(features('hub@example.org')).toEqual(features('hub.example.org'));
  });
});
