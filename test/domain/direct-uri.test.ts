import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDirectUri, encodeDirectUri } from '../../src/domain/direct-uri.js';
import { discoveryKind } from '../../src/domain/discovery-kind.js';
import { deviceAddress } from '../../src/domain/node-address.js';
import { anyText } from './random-tags.js';

describe('direct URIs', () => {
  it('name a thing, and a node behind a concentrator', () => {
    expect(encodeDirectUri(deviceAddress('lamp@home.local'))).toBe('iotdisco:JID=lamp%40home.local');
    const node = { jid: 'rack@home.local', nodeId: 'plc;1', sourceId: 'meters', cacheType: 'a' };
    const uri = encodeDirectUri(node, 'hub.home.local');
    expect(uri).toBe('iotdisco:JID=rack%40home.local;NID=plc%3B1;SID=meters;PT=a;R=hub.home.local');
    expect(decodeDirectUri(uri)).toEqual({ address: node, registry: 'hub.home.local' });
  });

  it('are read in any order, with the address normalised, whatever else describes the thing', () => {
    expect(decodeDirectUri('IOTDISCO:SID=s;NID=n;#V=1;name=Lamp;jid=Lamp@HOME.local/res')).toEqual({
      address: { jid: 'lamp@home.local', nodeId: 'n', sourceId: 's', cacheType: '' },
    });
  });

  it.each([
    ['lamp@home.local', 'does not begin'],
    ['iotdisco:NID=1', 'has no JID'],
    ['iotdisco:JID=a@b;JID=c@d', 'comes twice'],
    ['iotdisco:JID=a@b;KEY=1', 'claim code'],
    ['iotdisco:JID=a@b;#V>=1', 'search'],
    ['iotdisco:JID=@', 'not an XMPP address'],
    ['iotdisco:#JID=1', 'not an XMPP address'],
  ])('refuse %s', (uri, text) => {
    expect(() => decodeDirectUri(uri)).toThrow(text);
  });

  it('come back as they were', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, anyText, (nodeId, sourceId, cacheType, registry) => {
        const address = { jid: 'rack@home.local', nodeId, sourceId, cacheType };
        const uri = encodeDirectUri(address, registry);
        expect(decodeDirectUri(uri)).toEqual(registry === '' ? { address } : { address, registry });
        expect(discoveryKind(uri)).toBe('direct');
      }),
    );
  });
});

describe('the kind of a discovery string', () => {
  it.each([
    ['IoTDisco;SN:1;KEY:2', 'claim'],
    ['iotdisco:SN=1;key=2', 'claim'],
    ['iotdisco:JID=a@b;KEY=2', 'claim'],
    ['iotdisco:JID=a@b;NAME=x', 'direct'],
    ['iotdisco:NID=1', 'direct'],
    ['IOTDISCO:SN=1', 'search'],
    ['iotdisco:JID~*x', 'search'],
    ['iotdisco:', 'search'],
    ['iotdisco:%%%', 'search'],
    ['https://example.org', undefined],
    ['', undefined],
  ])('of %s is %s', (text, kind) => {
    expect(discoveryKind(text)).toBe(kind);
  });
});
