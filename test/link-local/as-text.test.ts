import { describe, expect, it } from 'vitest';
import { element } from '../../src/xmpp/element.js';
import { asText } from '../../src/xmpp/link-local/as-text.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { serialize } from '../../src/xmpp/serialize.js';

const message = (text: string) => element('message', NS.client, {}, element('body', NS.client, {}, text));

describe('a message to a messenger that takes text for markup', () => {
  it('carries its text escaped where it could be markup, line by line', () => {
    const shown = asText(message('NAME=<a href="x">lamp</a>\n1 & 2'));
    expect(shown.child('body')?.text()).toBe('NAME=<a href="x">lamp</a>\n1 & 2');
    expect(serialize(shown, NS.client)).toContain(
      "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>" +
        '<font>NAME=&lt;a href="x"&gt;lamp&lt;/a&gt;<br/>1 &amp; 2</font></body></html>',
    );
  });

  it('stays as it is where nothing looks like markup, and where it has markup of its own', () => {
    for (const stanza of [message('it is dark'), element('iq', NS.client), asText(message('1 < 2'))])
      expect(asText(stanza)).toBe(stanza);
  });
});
