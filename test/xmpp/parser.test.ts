import { describe, expect, it } from 'vitest';
import { afterLogin, beforeLogin, type StreamLimits } from '../../src/xmpp/limits.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { XmlParser } from '../../src/xmpp/parser.js';
import { serialize } from '../../src/xmpp/serialize.js';
import { StreamFault } from '../../src/xmpp/stream-fault.js';
import { HEADER } from './recording.js';
import { validStreams } from './samples.js';

/** What the parser says to these segments, as lines; a fault is the last one. */
function parse(segments: readonly (string | Buffer)[], limits: StreamLimits = afterLogin): string[] {
  const lines: string[] = [];
  const parser = new XmlParser(limits, {
    header: (header) => lines.push(`header ${JSON.stringify(header)}`),
    element: (element) => lines.push(serialize(element, '')),
    end: () => lines.push('end'),
  });
  try {
    for (const segment of segments)
      parser.write(typeof segment === 'string' ? Buffer.from(segment) : segment);
  } catch (error) {
    if (!(error instanceof StreamFault)) throw error;
    lines.push(error.condition);
  }
  return lines;
}

/** The lines behind the header's. */
function body(xml: string, limits?: StreamLimits): string[] {
  return parse([HEADER + xml], limits).slice(1);
}

describe('first-level elements', () => {
  it('have resolved namespaces', () => {
    expect(body("<p:a xmlns:p='urn:p'><b/><p:c/></p:a>")).toEqual([
      "<a xmlns='urn:p'><b xmlns='jabber:client'/><c/></a>",
    ]);
  });

  it('carry prefixed attributes with their declaration and keep xml:lang', () => {
    expect(body("<message xml:lang='sv' xmlns:x='urn:x' x:y='1' z='2'/>")).toEqual([
      "<message xmlns='jabber:client' xml:lang='sv' x:y='1' xmlns:x='urn:x' z='2'/>",
    ]);
  });

  it('keep names of the prototype as plain data', () => {
    const [line] = body("<constructor __proto__='1' toString='2'/>");
    expect(line).toBe("<constructor xmlns='jabber:client' __proto__='1' toString='2'/>");
  });

  it('join text and CDATA', () => {
    expect(body('<body>a &amp; <![CDATA[<!-- b --><?c?>]]>]]&#x3e; d</body>')).toEqual([
      "<body xmlns='jabber:client'>a &amp; &lt;!-- b --&gt;&lt;?c?&gt;]]&gt; d</body>",
    ]);
  });

  it('of a component stream are jabber:client inside, those of its payloads stay what they are', () => {
    const header = HEADER.replace('jabber:client', 'jabber:component:accept');
    const lines = parse([
      `${header}<message><body>x</body><forwarded xmlns='urn:f'><message xmlns='jabber:client'/></forwarded></message>`,
    ]);
    expect(lines[0]).toContain('"ns":"jabber:component:accept"');
    expect(lines[1]).toBe(
      "<message xmlns='jabber:client'><body>x</body><forwarded xmlns='urn:f'><message xmlns='jabber:client'/></forwarded></message>",
    );
  });

  it('without a namespace stay without one where the header declares none', () => {
    expect(parse([`${HEADER.replace("xmlns='jabber:client' ", '')}<a/>`])[1]).toBe('<a/>');
  });

  it('may have white space between them for ever', () => {
    const lines = parse(
      [HEADER, ...new Array<string>(3000).fill(' \r\n\t '.repeat(20)), '<a/>', '\r', '\n<b/>'],
      beforeLogin,
    );
    expect(lines.slice(1)).toEqual(["<a xmlns='jabber:client'/>", "<b xmlns='jabber:client'/>"]);
  });

  it('may have no text between them', () => {
    expect(body('<a/> x')).toEqual(["<a xmlns='jabber:client'/>", 'bad-format']);
    expect(body('&#32;')).toEqual(['bad-format']);
    expect(body('<![CDATA[x]]>')).toEqual(['bad-format']);
  });

  it('follow other limits from the next one on', () => {
    const seen: number[] = [];
    const parser = new XmlParser(beforeLogin, {
      header: () => undefined,
      element: (element) => {
        seen.push(element.text().length);
        parser.limit(afterLogin);
      },
      end: () => undefined,
    });
    parser.write(Buffer.from(`${HEADER}<a/><b>${'x'.repeat(9000)}</b>`));
    expect(seen).toEqual([0, 9000]);
  });

  it('are not read on after a stop, not even in the same segment', () => {
    const lines: string[] = [];
    const parser = new XmlParser(afterLogin, {
      header: () => undefined,
      element: (element) => {
        lines.push(element.name);
        parser.stop();
      },
      end: () => lines.push('end'),
    });
    parser.write(Buffer.from(`${HEADER}<a/><b/><<<`));
    parser.write(Buffer.from('<c/>'));
    expect(lines).toEqual(['a']);
  });
});

describe('a header', () => {
  it('may follow white space and a byte order mark', () => {
    expect(parse([' \r\n', `\ufeff${HEADER}`])).toHaveLength(1);
    expect(parse([`\ufeff${HEADER}`])[0]).toMatch(/^header/);
  });

  it('gives all that it says', () => {
    const header = HEADER.replace('to=', "from='a@b' id='i' xml:lang='de' to=");
    expect(parse([header])).toEqual([
      'header {"from":"a@b","to":"hub.local","id":"i","version":"1.0","lang":"de","ns":"jabber:client"}',
    ]);
  });

  it('may come with any prefix', () => {
    expect(parse([`<s:stream xmlns:s='${NS.streams}' xmlns='jabber:client'/>`])).toEqual([
      'header {"ns":"jabber:client"}',
      'end',
    ]);
  });

  it.each([
    ['invalid-namespace', "<stream:stream xmlns='jabber:client' xmlns:stream='urn:other'>"],
    ['invalid-namespace', '<html>'],
    ['bad-format', `<features xmlns='${NS.streams}'>`],
    ['not-well-formed', 'GET / HTTP/1.1'],
    ['not-well-formed', '<stream:stream>'],
    ['unsupported-encoding', HEADER.replace("1.0'?>", "1.0' encoding='ISO-8859-1'?>")],
    ['restricted-xml', HEADER.replace('<?xml', '<?xsl')],
  ])('is refused with %s: %s', (condition, xml) => {
    expect(parse([`${xml}<a b='c'>`])).toEqual([condition]);
  });

  it('may name UTF-8', () => {
    expect(parse([HEADER.replace("1.0'?>", "1.0' encoding='utf-8' standalone='yes'?>")])).toHaveLength(1);
  });

  it('abuse 13: does not come again inside the stream', () => {
    expect(body(`<iq>${HEADER.slice(HEADER.indexOf('?>') + 2)}`)).toEqual(['invalid-namespace']);
    expect(body(HEADER.slice(HEADER.indexOf('?>') + 2))).toEqual(['invalid-namespace']);
  });
});

describe('forbidden XML', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>`;

  it.each([
    ['a document type', '<!DOCTYPE stream>'],
    ['an internal subset', '<!DOCTYPE s [<!ELEMENT s ANY>]>'],
    ['billion laughs', laughs],
    ['an external entity', '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'],
    ['a document type that never ends', '<!DOCT'],
  ])('abuse 1: %s is restricted-xml', (_what, xml) => {
    expect(parse([`<?xml version='1.0'?>${xml}${HEADER.slice(21)}`])).toEqual(['restricted-xml']);
    expect(parse([xml])).toEqual(['restricted-xml']);
    expect(body(`<a/>${xml}`)).toEqual(["<a xmlns='jabber:client'/>", 'restricted-xml']);
    expect(body(`<a><b>${xml}`)).toEqual(['restricted-xml']);
  });

  it.each(['<!-- x -->', '<!-', '<?php x?>', '<?xml version="1.0"?>', '<!ENTITY a "b">'])(
    'abuse 2: %s is restricted-xml',
    (xml) => {
      expect(body(xml)).toEqual(['restricted-xml']);
      expect(body(`<a>${xml}</a>`)).toEqual(['restricted-xml']);
      expect(parse([...(HEADER + xml)]).slice(1)).toEqual(['restricted-xml']);
    },
  );

  it.each(['&foo;', '&#1;', '&#0;', '&;', '&#xD800;', '\u0000', '\u0001', '\ufffe', '& '])(
    'abuse 3: %j is not well-formed',
    (text) => {
      expect(body(`<a>${text};</a>`)).toEqual(['not-well-formed']);
      expect(body(`<a b='${text};'/>`)).toEqual(['not-well-formed']);
    },
  );

  it.each([
    ['a duplicate attribute', "<a b='1' b='2'/>"],
    ['a duplicate attribute under two prefixes', "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>"],
    ['an unbound prefix', '<x:a/>'],
    ['an unbound prefix of an attribute', "<a x:b='1'/>"],
    ['< in an attribute', "<a b='<'/>"],
    ['crossed tags', '<a><b></a></b>'],
    ['an unquoted value', '<a b=c/>'],
    ['an attribute without value', '<a b/>'],
    ['a name that is none', '<1a/>'],
    [']]> in text', '<a>]]></a>'],
    ['xmlns undeclared', "<a xmlns:b=''/>"],
  ])('abuse 4: %s is not well-formed', (_what, xml) => {
    expect(body(xml)).toEqual(['not-well-formed']);
  });

  it('abuse 4: a second root is not well-formed', () => {
    expect(body('</stream:stream><stream:stream>')).toEqual(['end', 'not-well-formed']);
    expect(parse([HEADER, '</stream:stream>', ' ', 'x']).slice(1)).toEqual(['end', 'not-well-formed']);
  });

  it.each([
    ['a stray continuation', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong NUL', [0xe0, 0x80, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a code point beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['a character cut short', [0xe2, 0x82, 0x3c]],
  ])('abuse 5: %s is not well-formed', (_what, bytes) => {
    const sent = Buffer.concat([Buffer.from(`${HEADER}<a>`), Buffer.from(bytes), Buffer.from('</a>')]);
    expect(parse([sent]).at(-1)).toBe('not-well-formed');
    expect(parse([...sent].map((byte) => Buffer.from([byte]))).at(-1)).toBe('not-well-formed');
  });

  it.each([
    ['big-endian with a mark', Buffer.from(`\ufeff${HEADER}`, 'utf16le').swap16()],
    ['little-endian with a mark', Buffer.from(`\ufeff${HEADER}`, 'utf16le')],
    ['little-endian', Buffer.from(HEADER, 'utf16le')],
    ['big-endian', Buffer.from(HEADER, 'utf16le').swap16()],
  ])('abuse 5: UTF-16 %s is an unsupported encoding', (_what, bytes) => {
    expect(parse([bytes])).toEqual(['unsupported-encoding']);
  });
});

describe('any cut of the bytes', () => {
  it.each(validStreams)('abuse 6: %s gives the same byte by byte and at every split', (_what, xml) => {
    const bytes = Buffer.from(xml);
    const whole = parse([bytes]);
    expect(whole.at(-1)).toMatch(/^(<|end|header)/);
    expect(parse([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
    for (let at = 1; at < bytes.length; at++) {
      expect(parse([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    }
  });
});

describe('limits', () => {
  const limits: StreamLimits = { bytes: 300, elements: 4, depth: 3, attributes: 5, name: 12 };

  /** An element of exactly so many bytes. */
  function ofBytes(count: number, fill = 'x'): string {
    const xml = `<a>${fill.repeat(Math.floor((count - 7) / Buffer.byteLength(fill)))}</a>`;
    return xml.replace('</a>', `${' '.repeat(count - Buffer.byteLength(xml))}</a>`);
  }

  it.each(['x', 'é', '€', '🦔'])('count the bytes of each element, of %s', (fill) => {
    for (const size of [1, 7, 300]) {
      const cut = (xml: string) =>
        Buffer.from(HEADER + xml)
          .toString('latin1')
          .match(new RegExp(`[^]{1,${size}}`, 'g'))
          ?.map((part) => Buffer.from(part, 'latin1')) ?? [];
      const fits = ofBytes(300, fill);
      expect(parse(cut(`${fits} ${fits}${fits}`), limits)).toHaveLength(4);
      expect(parse(cut(`${fits}${ofBytes(301, fill)}`), limits).slice(2)).toEqual(['policy-violation']);
    }
  });

  it('count the header as one element', () => {
    const padded = (count: number) => HEADER.replace("to='", `to='${'x'.repeat(count - HEADER.length)}`);
    expect(parse([padded(300)], limits)).toHaveLength(1);
    expect(parse([padded(301)], limits)).toEqual(['policy-violation']);
  });

  it('count elements, depth, attributes and lengths of names', () => {
    const nested = (count: number) => '<a>'.repeat(count) + '</a>'.repeat(count);
    const ok = "<a xmlns='b' c='d' e='f' g='h' i='j'><g/><h/><ijklmnopqrst/></a>";
    expect(body(`${ok}${ok}${nested(3)}`, limits)).toHaveLength(3);
    expect(body('<a><b/><c/><d/><e/></a>', limits)).toEqual(['policy-violation']);
    expect(body(nested(4), limits)).toEqual(['policy-violation']);
    expect(body("<a b='1' c='1' d='1' e='1' f='1' g='1'/>", limits)).toEqual(['policy-violation']);
    expect(body('<abcdefghijklm/>', limits)).toEqual(['policy-violation']);
    expect(body("<a ééééééé='1'/>", limits)).toEqual(['policy-violation']);
  });

  it('abuse 7: a text of 8193 bytes, 33 elements, a start tag without end', () => {
    expect(body(`<a>${'x'.repeat(8193)}`, beforeLogin)).toEqual(['policy-violation']);
    expect(body(`<a>${'<b/>'.repeat(32)}</a>`, beforeLogin)).toEqual(['policy-violation']);
    expect(body(`<a>${'<b/>'.repeat(31)}</a>`, beforeLogin)).toHaveLength(1);
    expect(body(`<a b='${'x'.repeat(8193)}`, beforeLogin)).toEqual(['policy-violation']);
    expect(body('<'.padEnd(8194, 'a'), beforeLogin)).toEqual(['policy-violation']);
    expect(body(`<a ${' '.repeat(8193)}`, beforeLogin)).toEqual(['policy-violation']);
  });

  it('abuse 7: 13 MB of a start tag cost less than 1 MB', () => {
    const hostile = Buffer.alloc(13_000_000, 'x');
    hostile.write(`${HEADER}<iq a='`);
    parse([hostile.subarray(0, 20_000)], beforeLogin);
    const before = process.memoryUsage();
    expect(parse([hostile], beforeLogin)).toHaveLength(2);
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(1_000_000);
  });

  it('abuse 8: a depth of 10 000, and of 65 after login, is refused in 5 ms', () => {
    const deep = Buffer.from(`${HEADER}${'<a>'.repeat(10_000)}`);
    for (let warm = 0; warm < 20; warm++) parse([deep], beforeLogin);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      expect(parse([deep], beforeLogin).at(-1)).toBe('policy-violation');
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(5);
    expect(body('<a>'.repeat(64) + '</a>'.repeat(64))).toHaveLength(1);
    expect(body('<a>'.repeat(65))).toEqual(['policy-violation']);
  });

  it('abuse 9: 256 KiB and one byte, 2001 elements', () => {
    expect(body(ofBytes(262_144))).toHaveLength(1);
    expect(body(ofBytes(262_145))).toEqual(['policy-violation']);
    expect(body(`<a>${'<b/>'.repeat(1999)}</a>`)).toHaveLength(1);
    expect(body(`<a>${'<b/>'.repeat(2000)}</a>`)).toEqual(['policy-violation']);
  });
});
