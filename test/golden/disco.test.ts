import { beforeAll, describe, expect, it } from 'vitest';
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
import type { Element } from '../../src/xmpp/element.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { fits, show } from '../exchange/pattern.js';
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

  let features: (to: string) => string[];

  beforeAll(async () => {
    const ask = await hubOf('example.org');
    features = (to) => {
      const info = `<iq type='get' id='i' from='${ASKER}' to='${to}'><query xmlns='${NS.discoInfo}'/></iq>`;
      const [query] = readStanzas(info)
        .flatMap(ask)
        .flatMap((answer) => answer.elements());
      return (query?.elements() ?? []).flatMap((child) => child.attribute('var') ?? []);
    };
  });

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
