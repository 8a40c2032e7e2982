import { describe, expect, it } from 'vitest';
import { harmonizedGenerations, ownerNs } from '../../src/dialects/namespaces.js';
import { findRow, rowOf } from '../../src/dialects/table.js';
import { categories } from '../../src/domain/access.js';
import { readRequest, refusal, xml } from './read-payload.js';

const ABOUT = "jid='Device@example.org/x' remoteJid='primary@example.org/amr' key='k'";
const about = { device: 'device@example.org', remote: 'primary@example.org', key: 'k' };

describe.each(harmonizedGenerations)("the owner's side in generation %s", (generation) => {
  const ns = ownerNs[generation];
  const friendRule = (attributes: string) =>
    readRequest('friend-rule', `<isFriendRule xmlns='${ns}' ${ABOUT} ${attributes}/>`);
  const readRule = (children: string, attributes = "result='true'") =>
    readRequest('read-rule', `<canReadRule xmlns='${ns}' ${ABOUT} ${attributes}>${children}</canReadRule>`);
  const controlRule = (children: string) =>
    readRequest(
      'control-rule',
      `<canControlRule xmlns='${ns}' ${ABOUT} result='true'>${children}</canControlRule>`,
    );

  it('ranges', () => {
    expect(friendRule("result='true'")).toEqual({ ...about, allow: true, range: 'jid' });
    expect(friendRule("result='0' range='Caller'")).toEqual({ ...about, allow: false, range: 'jid' });
    expect(friendRule("result='true' range='Domain'").range).toBe('domain');
    expect(friendRule("result='true' range='All'").range).toBe('all');
    for (const attributes of [
      '',
      "result='yes'",
      "result='true' range='all'",
      "result='true' range=''",
      "result='true' range='constructor'",
    ])
      expect(
        refusal(() => friendRule(attributes)),
        attributes,
      ).toBe('bad-request');
  });

  it.each([
    ['<fromJid/>', { kind: 'jid', jid: 'primary@example.org' }],
    ['<fromDomain/>', { kind: 'domain', domain: 'example.org' }],
    ["<fromService token='t'/>", { kind: 'service-token', token: 't' }],
    ["<fromDevice token='t'/>", { kind: 'device-token', token: 't' }],
    ["<fromUser token='t'/>", { kind: 'user-token', token: 't' }],
    ['<all/>', { kind: 'all' }],
  ])('the origin %s', (child, origin) => {
    expect(readRule(child)).toEqual({ ...about, allow: true, origin });
    expect(controlRule(child)).toEqual({ ...about, allow: true, origin });
    for (const [operation, rule] of [
      ['read-rule', readRule(child)],
      ['control-rule', controlRule(child)],
    ] as const)
      expect(rowOf(operation, generation).writeRequest(rule).elements()).toEqual(
        xml(`<r xmlns='${ns}'>${child}</r>`).elements(),
      );
  });

  it('parts', () => {
    const part = (children: string) => readRule(`${children}<all/>`).part;
    expect(part("<partial m='true' h='true'><f n='a'/></partial>")).toEqual({
      categories: ['momentary', ...categories.slice(5)],
      fields: ['a'],
    });
    expect(part("<partial><f n='a'/></partial>")).toEqual({ categories: [], fields: ['a'] });
    expect(part("<partial all='true'/>")).toEqual({ categories, fields: [] });
    expect(controlRule("<partial><p n='a'/></partial><all/>").parameters).toEqual(['a']);
    expect(controlRule("<partial><parameter name='a'/></partial><all/>").parameters).toEqual(['a']);
    expect(readRule("<nd id='n' src='s'/><all/>").node).toEqual({
      nodeId: 'n',
      sourceId: 's',
      cacheType: '',
    });
    expect(readRule("<nd id=''/><all/>")).not.toHaveProperty('node');
  });

  it.each([
    ['no origin', ''],
    ['two origins', '<fromJid/><all/>'],
    ['no token', '<fromUser/>'],
    ['an empty token', "<fromUser token=''/>"],
    ['an unknown origin', '<fromNowhere/>'],
    ['an origin named as objects are', '<constructor/>'],
    ['two nodes', "<nd id='a'/><nd id='b'/><all/>"],
    ['two parts', "<partial all='true'/><partial all='true'/><all/>"],
    ['a part of nothing', '<partial/><all/>'],
    ['a part of a node', "<partial all='true'><nd id='a'/></partial><all/>"],
    ['a field outside of the part', "<f n='a'/><all/>"],
    ['an origin of another namespace', "<all xmlns='urn:x'/>"],
    ['text', 'x<all/>'],
  ])('refuses an answer with %s', (_, children) => {
    expect(refusal(() => readRule(children))).toBe('bad-request');
    expect(refusal(() => controlRule(children))).toBe('bad-request');
  });

  it('refuses an answer that says nothing, or about nobody', () => {
    expect(refusal(() => readRule('<all/>', ''))).toBe('bad-request');
    const of = (attributes: string) =>
      refusal(() => readRequest('friend-rule', `<isFriendRule xmlns='${ns}' result='true' ${attributes}/>`));
    expect(of("jid='a@b' remoteJid='c@d'")).toBe('bad-request');
    expect(of("jid='a@b' key='k'")).toBe('bad-request');
    expect(of("remoteJid='c@d' key='k'")).toBe('bad-request');
    expect(of("jid='a@b' remoteJid='c@d' key=''")).toBe('bad-request');
    expect(of(`jid='a@b' remoteJid='c@d' key='${'k'.repeat(257)}'`)).toBe('bad-request');
    expect(of("jid='@' remoteJid='c@d' key='k'")).toBe('jid-malformed');
  });

  it('refuses to write what cannot be said', () => {
    const rule = { ...about, allow: true, origin: { kind: 'all' } } as const;
    const row = rowOf('read-rule', generation);
    const part = { categories: ['historicalDay'], fields: [] } as const;
    expect(refusal(() => row.writeRequest({ ...rule, part }))).toBe('bad-request');
    for (const origin of [
      { kind: 'jid', jid: 'somebody@example.org' },
      { kind: 'domain', domain: 'example.net' },
    ] as const)
      expect(refusal(() => row.writeRequest({ ...rule, origin }))).toBe('bad-request');
  });

  it('a question about anything says all categories, for none is taken for nothing', () => {
    const tokens = { service: [], device: [], user: [] };
    const question = { ...about, tokens, categories: [], fields: [] };
    const written = rowOf('read-question', generation).writeRequest(question);
    expect(written.attribute('all')).toBe('true');
    const part = rowOf('read-question', generation).writeRequest({
      ...question,
      categories: ['historicalDay'],
    });
    expect(part.attribute('h')).toBe('true');
  });

  it.each(['clear-device-cache', 'delete-rules'] as const)(
    '%s: empty attributes count as absent',
    (operation) => {
      const { name } = rowOf(operation, generation);
      const read = (attributes: string) => readRequest(operation, `<${name} xmlns='${ns}' ${attributes}/>`);
      const node = { nodeId: '', sourceId: '', cacheType: '' };
      expect(read('')).toEqual({ node });
      expect(read("jid='' id=''")).toEqual({ node });
      expect(read("jid='a@b/c' id=''")).toEqual({ device: 'a@b', node });
      expect(read("jid='a@b' nodeId='n'")).toEqual({ device: 'a@b', node: { ...node, nodeId: 'n' } });
      expect(refusal(() => read("id='n'"))).toBe('bad-request');
    },
  );

  it('abuse 32: a page begins at the beginning and ends', () => {
    const read = (attributes: string) =>
      readRequest('list-devices', `<getDevices xmlns='${ns}' ${attributes}/>`);
    expect(read('')).toEqual({ offset: 0, maxCount: 100 });
    expect(read("offset='-1' maxCount='1000000000'")).toEqual({ offset: 0, maxCount: 100 });
    expect(refusal(() => read("offset='x'"))).toBe('bad-request');
  });
});

describe("the owner's side", () => {
  it('has no words in the XEP', () => {
    expect(findRow('friend-question', 'xmpp')).toBeUndefined();
    expect(findRow('list-devices', 'xmpp')).toBeUndefined();
  });
});
