import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReq, writeFailure, writeFields } from '../../src/dialects/xep0323.js';
import { readGetForm, readSet, writeForm } from '../../src/dialects/xep0325.js';
import { parameterValue } from '../../src/thing/parameter-value.js';
import { fits, stanza } from '../exchange/pattern.js';

const SD = 'urn:xmpp:iot:sensordata';
const CTR = 'urn:xmpp:iot:control';
const tokens = { service: [], device: [], user: [] };
const node = { nodeId: 'n', sourceId: 's', cacheType: '' };

/** A payload, written as XML. */
const payload = (xml: string) => {
  const [only] = stanza(`<iq>${xml}</iq>`).elements();
  if (only === undefined) throw new Error('no payload');
  return only;
};

describe('the codec of readouts', () => {
  it('reads what is wanted of which nodes', () => {
    const request = readReq(
      payload(`<req xmlns="${SD}" seqnr="7" momentary="1" peak="true"><node nodeId="n" sourceId="s"/>
        <node nodeId="m"/><field name="Power"/></req>`),
    );
    expect(request).toEqual({
      seqnr: '7',
      kinds: new Set(['momentary', 'peak']),
      categories: ['momentary', 'peak'],
      names: new Set(['Power']),
      nodes: [node, { nodeId: 'm', sourceId: '', cacheType: '' }],
      tokens,
    });
    expect(readReq(payload(`<req xmlns="${SD}" seqnr="1"/>`)).kinds).toBeUndefined();
    expect(readReq(payload(`<req xmlns="${SD}" seqnr="1" historical="true"/>`)).kinds).toEqual(new Set());
  });

  it.each(['<node/>', '<node nodeId=""/>', '<field/>'])('refuses a request with %s', (child) => {
    expect(() => readReq(payload(`<req xmlns="${SD}" seqnr="1">${child}</req>`))).toThrow('needs');
  });

  it('writes values and failures by node', () => {
    const readings = [{ name: 'Power', kind: 'momentary', value: 1.25, unit: 'W', decimals: 1 }] as const;
    const fields = writeFields('7', 0, [{ node, readings }], true);
    expect(
      fits(
        fields,
        payload(`<fields xmlns="${SD}" seqnr="7" done="true"><node nodeId="n" sourceId="s">
          <timestamp value="1970-01-01T00:00:00Z"><numeric name="Power" momentary="true" value="1.3" unit="W"/></timestamp>
          </node></fields>`),
      ),
    ).toBe(true);
    const failure = writeFailure('7', 0, [{ node, text: 'no sensor' }]);
    const wanted = `<failure xmlns="${SD}" seqnr="7" done="true"><error nodeId="n" sourceId="s">no sensor</error></failure>`;
    expect(fits(failure, payload(wanted))).toBe(true);
  });
});

describe('the codec of control', () => {
  it('reads nodes of commands and of requests for the form', () => {
    const set = readSet(
      payload(`<set xmlns="${CTR}"><node nodeId="n" sourceId="s"/><int name="A" value="1"/></set>`),
    );
    expect(set).toEqual({ settings: [{ name: 'A', type: 'int', text: '1' }], nodes: [node], tokens });
    expect(readGetForm(payload(`<getForm xmlns="${CTR}"><node nodeId="n" sourceId="s"/></getForm>`))).toEqual(
      [node],
    );
    expect(() => readGetForm(payload(`<getForm xmlns="${CTR}"><node/></getForm>`))).toThrow('nodeId');
    expect(() => readSet(payload(`<set xmlns="${CTR}"><node/><int name="A" value="1"/></set>`))).toThrow(
      'nodeId',
    );
  });

  it('writes the bounds of a number only where it has both', () => {
    const form = writeForm('t', [
      [{ name: 'A', type: 'int', min: 0, max: 9 }, '1'],
      [{ name: 'B', type: 'double', min: 0 }, '1'],
    ]);
    const fields = form.elements().filter(({ name }) => name === 'field');
    const ranges = fields.map((field) =>
      field.child('validate', 'http://jabber.org/protocol/xdata-validate')?.elements(),
    );
    expect(ranges.map((range) => range?.length)).toEqual([1, 0]);
  });

  it('takes a number as it is written, or not at all', () => {
    const parameter = { name: 'A', type: 'int', min: -100, max: 100 } as const;
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (number) => {
        const read = () => parameterValue({ name: 'A', type: 'int', text: String(number) }, parameter);
        if (Math.abs(number) <= 100) expect(read()).toBe(number);
        else expect(read).toThrow('Invalid parameter value');
      }),
    );
    for (const text of ['', ' 1', '0x10', '1e1', 'NaN', '1.5'])
      expect(() => parameterValue({ name: 'A', type: undefined, text }, parameter)).toThrow('Invalid');
  });
});
