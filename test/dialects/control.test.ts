import { describe, expect, it } from 'vitest';
import { provisioningNs } from '../../src/dialects/namespaces.js';
import { rowOf } from '../../src/dialects/table.js';
import { generations } from '../../src/domain/generation.js';
import { readRequest, refusal } from './read-payload.js';

describe.each(generations)('canControl in generation %s', (generation) => {
  const row = rowOf('can-control', generation);
  const read = (children: string) =>
    readRequest(
      'can-control',
      `<canControl xmlns='${provisioningNs[generation]}' jid='a@example.org'>${children}</canControl>`,
    );
  const answerTo = (children: string, parameters = ['Output']) => {
    const { jid, nodes, spelling } = read(children);
    const answer = row.writeAnswer({ jid, result: true, nodes, parameters, spelling });
    return answer?.elements().map((child) => [child.name, { ...child.attributes }]);
  };
  const node = generation === 'xmpp' ? ['node', { nodeId: 'n' }] : ['nd', { id: 'n' }];

  it('parameters are answered as they were asked, nodes in the own spelling', () => {
    const long = ['parameter', { name: 'Output' }];
    const short = ['p', { n: 'Output' }];
    expect(answerTo("<nd id='n'/><p n='Output'/>")).toEqual([node, short]);
    expect(answerTo("<node nodeId='n'/><parameter name='Output'/>")).toEqual([node, long]);
    expect(answerTo("<node nodeId='n'/>")).toEqual([node, long]);
  });

  it('comes back as it went out, in both spellings', () => {
    for (const spelling of ['long', 'short'] as const) {
      const nodes = [{ nodeId: 'n', sourceId: '', cacheType: 'c' }];
      const parts = { jid: 'a@example.org', nodes, parameters: ['x', 'y'], spelling };
      const command = { ...parts, tokens: { service: ['s'], device: [], user: ['u', 'v'] } };
      expect(row.readRequest(row.writeRequest(command))).toEqual(command);
      const answer = { ...parts, result: false };
      expect(row.readAnswer(row.writeAnswer(answer))).toEqual(answer);
    }
  });

  it.each([
    "<p n='a'/><parameter name='b'/>",
    "<f n='a'/>",
    "<p n=''/>",
    '<p/>',
    '<partial/>',
    'x',
    Array.from({ length: 1001 }, (_, i) => `<p n='${i}'/>`).join(''),
  ])('refuses %.40s', (children) => {
    expect(refusal(() => read(children))).toBe('bad-request');
  });
});
