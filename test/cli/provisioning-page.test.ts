import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decisionTable } from '../../src/cli/tables/decisions.js';
import { serviceTable } from '../../src/cli/tables/services.js';
import { schema, settingsOf } from '../../src/config/schema.js';
import { categories } from '../../src/domain/access.js';
import { readConditions } from '../../src/domain/credential-expression.js';
import { HubError } from '../../src/domain/errors.js';
import { credentialKinds } from '../../src/domain/service-commands.js';
import { DEVICE, LivingHub } from './living-hub.js';

const page = readFileSync('docs/provisioning.md', 'utf8');

/** The page without its examples. */
const prose = page.replaceAll(/```.*?```/gs, '');

/** The rows of the table that has this head, as lists of cells. */
function rows(head: string): string[][] {
  const [, after = ''] = page.split(`| ${head} |`);
  const [body = ''] = after.split('\n\n');
  const lines = body.split('\n').slice(2);
  return lines.map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '')));
}

/** What stands in code marks in a text. */
const marked = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('docs/provisioning.md', () => {
  it('names every category of fields, and no other', () => {
    const [, section = ''] = page.split('The categories are ');
    const [sentence = ''] = section.split(' together.');
    expect(marked(sentence).filter((word) => word !== 'historical')).toEqual([...categories]);
  });

  it('names every kind of credential, with conditions that there are', () => {
    const table = rows('credential | condition of `hearth services allow` and `deny`');
    expect(table.flatMap(([kinds = '']) => marked(kinds)).sort()).toEqual([...credentialKinds].sort());
    const forms = table.flatMap(([, conditions = '']) => marked(conditions));
    const named = new Set(forms.map((form) => form.slice(0, form.indexOf('='))));
    expect(namesOfConditions()).toEqual([...named].sort());
    for (const form of forms.filter((text) => !/=[A-Z]{3,},|=THUMBPRINT|=LAT|=MIN/.test(text)))
      expect(() => readConditions([form])).not.toThrow();
  });

  it('lists every command of provisioning with its summary', () => {
    const commands = [...decisionTable, ...serviceTable];
    expect(rows('command | what')).toEqual(
      commands.map(({ words, summary }) => [`\`hearth ${words.join(' ')}\``, summary]),
    );
  });

  it('names settings and files that there are', () => {
    const known = settingsOf(schema).map(([path]) => path);
    const settings = marked(prose).flatMap((text) => /^(?:provisioning|limits)\.\w+/.exec(text)?.[0] ?? []);
    expect(settings.length).toBeGreaterThan(5);
    expect(settings.filter((setting) => !known.includes(setting))).toEqual([]);
    const files = marked(prose).filter((text) => text.startsWith('src/'));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
  });

  it('shows a partial answer as the hub gives it', async () => {
    const [request = '', answer = ''] = [...page.matchAll(/```xml\n([^`]*)```/g)].map(([, xml = '']) => xml);
    const hub = new LivingHub();
    await hub.start();
    try {
      const rack = await hub.thing('rack', ['a', 'b', 'c']);
      const add = (thing: string, fields: string) =>
        hub.prints('rules', 'add', thing, 'read', 'app@home.local', '--fields', fields);
      await add('rack@pronto.local', 'Temperature');
      await add('rack@pronto.local#a', 'Flow');
      const reply = await hub.asks(rack, request.replaceAll('\n', ''), 'get');
      expect(shape(reply.child('canReadResponse', DEVICE)?.elements())).toEqual(said(answer));
      const alone = await hub.asks(rack, request.replaceAll(/\n|<nd id='[bc]'\/>/g, ''), 'get');
      const both = said(request).filter((name) => name !== 'nd b' && name !== 'nd c');
      expect(shape(alone.child('canReadResponse', DEVICE)?.elements())).toEqual(both);
    } finally {
      await hub.stop();
    }
  });
});

type Child = { readonly name: string; attribute(name: string): string | undefined };

/** The children of an answer, as `nd a`. */
function shape(children: readonly Child[] = []): string[] {
  return children.map((child) => `${child.name} ${child.attribute('id') ?? child.attribute('n')}`);
}

/** The same of XML as it stands on the page. */
function said(xml: string): string[] {
  return [...xml.matchAll(/<(nd|f) (?:id|n)='(\w+)'\/>/g)].map(
    ([, name = '', value = '']) => `${name} ${value}`,
  );
}

/** The names that conditions have, as the refusal of one that is none lists them. */
function namesOfConditions(): string[] {
  try {
    readConditions(['nothing']);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return [...error.message.matchAll(/(\w+)=/g)].map(([, name = '']) => name).sort();
  }
  return [];
}
