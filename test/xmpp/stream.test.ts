import { describe, expect, it } from 'vitest';
import { element } from '../../src/xmpp/element.js';
import { beforeLogin } from '../../src/xmpp/limits.js';
import { NS } from '../../src/xmpp/namespaces.js';
import type { StreamHeader } from '../../src/xmpp/stream.js';
import { HEADER, type Rig, rig, until } from './recording.js';

const OURS: StreamHeader = { ns: NS.client, from: 'hub.local', id: 's1', version: '1.0', lang: 'en' };
const OUR_HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='hub.local' id='s1' version='1.0' xml:lang='en'>";
const END = '</stream:stream>';

/** A stream whose headers are exchanged. */
async function opened(options: Parameters<typeof rig>[0] = {}): Promise<Rig> {
  const made = rig(options);
  made.peer.write(HEADER);
  await until(() => made.recorder.headers.length === 1);
  made.stream.sendHeader(OURS);
  return made;
}

function errorXml(condition: string, text = ''): string {
  return `<stream:error><${condition} xmlns='${NS.streamErrors}'/>${text}</stream:error>${END}`;
}

describe('what a stream sends', () => {
  it('begins with the header and leaves in one write per turn', async () => {
    const segments: string[] = [];
    const { stream, peer } = rig();
    peer.on('data', (bytes: Buffer) => segments.push(bytes.toString()));
    stream.sendHeader(OURS);
    stream.send(element('features', NS.streams, {}, element('bind', NS.bind)));
    stream.send(element('message', NS.client, { to: "a'b" }, element('body', NS.client, {}, 'x & y')));
    await until(() => segments.length > 0);
    expect(segments).toEqual([
      `${OUR_HEADER}<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>` +
        `<message to='a&apos;b'><body>x &amp; y</body></message>`,
    ]);
  });

  it('stands under the default namespace of the header, whatever it is', async () => {
    const { stream, received } = rig({ role: 'initiator' });
    stream.sendHeader({ ns: 'jabber:component:accept', to: 'hub.example' });
    stream.send(element('message', NS.client, {}, element('f', 'urn:f', {}, element('message', NS.client))));
    await until(() => received().endsWith('</message>'));
    expect(received()).toContain("<stream:stream xmlns='jabber:component:accept'");
    expect(received()).toContain("<message><f xmlns='urn:f'><message xmlns='jabber:client'/></f></message>");
  });

  it('is no element before the header', async () => {
    const { stream, received, recorder } = rig();
    stream.send(element('message', NS.client));
    await until(() => received().endsWith(END));
    expect(received()).toContain(errorXml('internal-server-error'));
    expect(recorder.lines).toEqual(['closed internal-server-error']);
  });

  it('is capped for a peer that does not read', async () => {
    const { stream, peer, recorder } = await opened({ queue: 200_000 });
    peer.pause();
    const big = element('message', NS.client, {}, 'x'.repeat(10_000));
    for (let i = 0; i < 100 && !stream.ended; i++) {
      stream.send(big);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(recorder.lines.slice(1)).toEqual(['closed resource-constraint']);
    expect(stream.connection.destroyed).toBe(true);
    stream.send(big);
  });

  it('goes on when a slow peer reads again', async () => {
    const { stream, peer, received, recorder } = await opened();
    peer.pause();
    for (let i = 0; i < 100; i++) {
      stream.send(element('message', NS.client, { id: String(i) }, 'x'.repeat(5000)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    peer.resume();
    await until(() => received().length > 500_000);
    expect([...received().matchAll(/id='(\d+)'/g)].map(([, id]) => Number(id))).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
    expect(recorder.ends).toEqual([]);
  });
});

describe('a stream that fails', () => {
  it('says why, ends the connection and tells its handler once', async () => {
    const { stream, received, hungUp, recorder } = await opened();
    stream.fail('conflict', 'Another <session> took over.');
    stream.fail('reset');
    stream.close();
    await until(hungUp);
    const text = `<text xmlns='${NS.streamErrors}' xml:lang='en'>Another &lt;session&gt; took over.</text>`;
    expect(received()).toBe(`${OUR_HEADER}${errorXml('conflict', text)}`);
    expect(recorder.ends).toEqual([{ condition: 'conflict', text: 'Another <session> took over.' }]);
  });

  it('sends its header first if it has not', async () => {
    const { peer, received, hungUp, recorder } = rig({ header: OURS });
    peer.write('nonsense');
    await until(hungUp);
    expect(received()).toContain(`${OUR_HEADER}<stream:error><not-well-formed`);
    expect(recorder.lines).toEqual(['closed not-well-formed']);
  });

  it('makes a header of its own where none was given', async () => {
    const { peer, received, hungUp } = rig({ random: { id: () => 'fresh', bytes: Buffer.alloc } });
    peer.write('nonsense');
    await until(hungUp);
    expect(received()).toContain(
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='fresh' version='1.0'><stream:error>",
    );
  });

  it('abuse 1: is gone after 100 ms though the peer never answers', async () => {
    const { stream, peer, clock, recorder, received } = await opened();
    stream.connection.end = () => stream.connection;
    peer.write('<!DOCTYPE x>');
    await until(() => recorder.ends.length === 1 && received().endsWith(END));
    expect(received()).toContain('<restricted-xml');
    expect(stream.connection.destroyed).toBe(false);
    clock.advance(100);
    expect(stream.connection.destroyed).toBe(true);
    await until(() => stream.connection.closed);
    expect(clock.waiting()).toEqual([]);
  });

  it('reads on and hands nothing on', async () => {
    const { stream, peer, recorder, hungUp } = await opened();
    peer.write('<a/>');
    await until(() => recorder.elements.length === 1);
    stream.fail('policy-violation');
    peer.write('<b/>'.repeat(10_000));
    await until(hungUp);
    expect(recorder.lines.slice(2)).toEqual(['closed policy-violation']);
  });

  it('does so when a handler throws', async () => {
    const lines: string[] = [];
    const log = { error: (text: string) => lines.push(text) } as never;
    const { peer, recorder, received, hungUp } = await opened({ log });
    recorder.react = () => {
      throw new Error('a bug');
    };
    peer.write('<a/><b/>');
    await until(hungUp);
    expect(received()).toContain(errorXml('internal-server-error'));
    expect(recorder.elements).toHaveLength(1);
    expect(recorder.lines.at(-1)).toBe('closed internal-server-error');
    expect(lines).toHaveLength(1);
  });

  it('abuse 4: does so for a second root in the same segment', async () => {
    const { peer, received, hungUp } = await opened();
    peer.write(`${END}<stream:stream>`);
    await until(hungUp);
    expect(received()).toContain('<not-well-formed');
  });

  it('abuse 7: 13 MB of a start tag end at the limit, with the error read', async () => {
    const { peer, received, hungUp, recorder } = await opened({ limits: beforeLogin });
    peer.write(`<iq a='${'x'.repeat(13_000_000)}`);
    await until(hungUp);
    expect(received()).toContain('<policy-violation');
    expect(recorder.lines.slice(1)).toEqual(['closed policy-violation']);
  });
});

describe('the end of a stream', () => {
  it('is answered', async () => {
    const { peer, received, hungUp, recorder } = await opened();
    peer.write(`<a/>${END}`);
    await until(hungUp);
    expect(received()).toBe(OUR_HEADER + END);
    expect(recorder.lines.slice(2)).toEqual(['closed ']);
  });

  it('waits for the peer, whose elements still count', async () => {
    const { stream, peer, received, recorder, clock } = await opened();
    stream.close();
    stream.close();
    stream.send(element('late', NS.client));
    peer.write('<a/>');
    await until(() => recorder.elements.length === 1);
    expect(recorder.ends).toEqual([]);
    peer.write(END);
    await until(() => recorder.ends.length === 1 && stream.connection.closed);
    expect(received()).toBe(OUR_HEADER + END);
    expect(clock.waiting()).toEqual([]);
  });

  it('waits two seconds', async () => {
    const { stream, clock, recorder } = await opened();
    stream.close();
    clock.advance(1999);
    expect(recorder.ends).toEqual([]);
    clock.advance(1);
    expect(recorder.ends).toEqual([{ condition: undefined, text: undefined }]);
    clock.advance(100);
    expect(stream.connection.destroyed).toBe(true);
  });

  it('before any header is the end of the connection', async () => {
    const { stream, hungUp, received, recorder } = rig();
    stream.close();
    await until(hungUp);
    expect(received()).toBe('');
    expect(recorder.lines).toEqual(['closed ']);
  });

  it.each([
    ["<see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>x</see-other-host>", 'see-other-host'],
    ['', 'undefined-condition'],
    [`<text xmlns='${NS.streamErrors}'>bye</text><conflict xmlns='${NS.streamErrors}'/>`, 'conflict'],
  ])('comes with an error of the peer: %s', async (xml, condition) => {
    const { peer, received, hungUp, recorder } = await opened();
    peer.write(`<stream:error>${xml}</stream:error><a/>`);
    await until(hungUp);
    expect(recorder.ends).toEqual([{ condition, text: xml.includes('bye') ? 'bye' : undefined }]);
    expect(recorder.elements).toEqual([]);
    expect(received()).toBe(OUR_HEADER + END);
  });

  it('comes with the connection: broken, ended, destroyed, or gone before', async () => {
    const broken = await opened();
    broken.peer.reset();
    broken.stream.send(element('a', NS.client));
    await until(() => broken.recorder.ends.length === 1);
    expect(broken.recorder.ends).toEqual([{ condition: undefined, text: 'ECONNRESET' }]);

    const halfway = await opened();
    halfway.peer.end('<a>');
    await until(() => halfway.recorder.ends.length === 1);
    expect(halfway.recorder.ends).toEqual([{ condition: undefined, text: undefined }]);

    const written = await opened();
    written.peer.destroy();
    for (let i = 0; i < 5; i++) written.stream.send(element('a', NS.client));
    await until(() => written.recorder.ends.length === 1 && written.stream.connection.closed);
    expect(written.clock.waiting()).toEqual([]);

    const dead = await opened();
    dead.stream.connection.destroy();
    dead.stream.restart();
    await until(() => dead.recorder.ends.length === 1);
  });
});

describe('a stream that restarts', () => {
  it('awaits a new header and sends one', async () => {
    const { stream, peer, recorder, received } = await opened();
    recorder.react = () => {
      stream.send(element('success', NS.sasl));
      stream.restart();
    };
    peer.write('<auth/>');
    await until(() => received().endsWith('/>'));
    recorder.react = () => undefined;
    peer.write(`\n${HEADER}<a/>`);
    await until(() => recorder.elements.length === 2);
    stream.sendHeader(OURS);
    await until(() => received().endsWith(OUR_HEADER));
    expect(recorder.headers).toHaveLength(2);
    expect(received()).toBe(`${OUR_HEADER}<success xmlns='${NS.sasl}'/>${OUR_HEADER}`);
  });

  it('abuse 15: drops what came in the same segment', async () => {
    const { stream, peer, recorder } = await opened();
    recorder.react = (it) => {
      if (it.name === 'starttls') stream.restart();
    };
    peer.write(`<starttls xmlns='${NS.tls}'/><iq id='smuggled'/>${HEADER}<iq id='too'/><<&`);
    await until(() => recorder.elements.length === 1);
    peer.write(`${HEADER}<iq id='after'/>`);
    await until(() => recorder.elements.length === 2);
    expect(recorder.elements.map((it) => it.attribute('id'))).toEqual([undefined, 'after']);
    expect(recorder.ends).toEqual([]);
  });
});
