import { describe, expect, it } from 'vitest';
import { element } from '../../src/xmpp/element.js';
import { NS } from '../../src/xmpp/namespaces.js';
import type { StreamHeader } from '../../src/xmpp/stream.js';
import { HEADER, rig, until } from './recording.js';

const OURS: StreamHeader = { ns: NS.client, from: 'hub.local', id: 's1', version: '1.0', lang: 'en' };

describe('a stream', () => {
  it('hands on the header and the elements', async () => {
    const { peer, recorder } = rig();
    peer.write(`${HEADER}<iq id='1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await until(() => recorder.elements.length === 1);
    expect(recorder.headers).toEqual([
      { ns: 'jabber:client', to: 'hub.local', version: '1.0', from: undefined, id: undefined, lang: undefined },
    ]);
    expect(recorder.lines[1]).toBe(
      "element <iq xmlns='jabber:client' id='1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
    );
  });
});

export { element, OURS };
