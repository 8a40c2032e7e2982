import { HEADER } from './recording.js';

/** Streams that are valid, each with its name. */
export const validStreams: readonly (readonly [string, string])[] = [
  ['a bare header', HEADER],
  ['a header without declaration', HEADER.slice(HEADER.indexOf('?>') + 2)],
  ['a whole short stream', `${HEADER}<presence/></stream:stream>`],
  [
    'a registration',
    `${HEADER}<iq type='set' to='hub.hub.local' id='1'><register xmlns='urn:xmpp:iot:discovery'>` +
      `<str name='MAN' value='Åkerlund &amp; Söner'/><str name="SN" value='39"487'/><num name='LAT' value='59.3'/>` +
      `<str name='KEY' value='4857402340298342'/></register></iq>`,
  ],
  [
    'text of many scripts',
    `${HEADER}<message xml:lang='ja' to='a@b'><body>日本語 🦔🏠 e\u0301 \u{10ffff} Ελλάδα</body></message>\n ` +
      `<message><body>&lt;&gt;&amp;&apos;&quot; &#233; &#x1F994; \ta\r\nb\rc</body></message>`,
  ],
  [
    'CDATA and brackets',
    `${HEADER}<a><![CDATA[<!-- ]] ]]]]>]]<![CDATA[]]></a><b>[<![CDATA[<?x?>&amp;<!DOCTYPE]]>]</b>`,
  ],
  [
    'prefixes and declarations',
    `${HEADER}<stream:features><p:a xmlns:p='urn:p' p:b='1' c='&#10;' xml:lang='en'><d xmlns=''/></p:a></stream:features  >` +
      `<iq\n id = 'x'\ttype="get"\r\n><q xmlns='jabber:iq:roster' /></iq>   </stream:stream >`,
  ],
  [
    'white space around everything',
    ` \r\n${HEADER}\r\n\t <presence> </presence>\r \r<presence/>\n\n</stream:stream>\n`,
  ],
];
