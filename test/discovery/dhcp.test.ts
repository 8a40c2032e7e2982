import { spawn } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DHCP_CODES,
  decodeDhcpOption,
  encodeDhcpOption,
  isServerName,
} from '../../src/discovery/dhcp-option.js';
import { dhcpSnippet } from '../../src/discovery/dhcp-snippet.js';

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));

/** What dnsmasq says of a configuration; no code where it is not installed. */
function dnsmasqReads(configuration: string): Promise<{ code: number | undefined; said: string }> {
  return new Promise((resolve) => {
    const path = `${process.env.PATH}:/usr/sbin`;
    const child = spawn('dnsmasq', ['--test', '--conf-file=-'], { env: { ...process.env, PATH: path } });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', () => resolve({ code: undefined, said }));
    child.on('close', (code) => resolve({ code: code ?? 0, said }));
    child.stdin.on('error', () => undefined).end(configuration);
  });
}

/** An option as a server sends it. */
function option(code: number, text: string, length = text.length): Buffer {
  return Buffer.concat([Buffer.from([code, length]), Buffer.from(text, 'latin1')]);
}

describe('the DHCP option of XMPP servers', () => {
  it('every host name comes back as it went out', () => {
    fc.assert(
      fc.property(name, (text) => {
        const bytes = encodeDhcpOption(text);
        expect([bytes[0], bytes[1]]).toEqual([224, text.length]);
        expect(decodeDhcpOption(bytes)).toBe(text);
      }),
    );
  });

  it('any bytes are read without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, ours) => {
        const data = Buffer.from(ours ? [224, Math.max(0, bytes.length - 2), ...bytes.slice(2)] : bytes);
        const read = decodeDhcpOption(data);
        expect(read === undefined || isServerName(read)).toBe(true);
      }),
    );
  });

  it('the name may stand alone, and end in a dot, a NUL, or both', () => {
    for (const text of ['pronto', 'pronto.local', 'pronto.local.', 'pronto.local\0', 'pronto.local.\0'])
      expect(decodeDhcpOption(option(224, text))).toBe(text.replace(/\.?\0?$/, ''));
  });

  it('the code that was proposed is read as well, and no other', () => {
    expect(decodeDhcpOption(option(DHCP_CODES.proposed, 'pronto.local'))).toBe('pronto.local');
    expect(decodeDhcpOption(option(225, 'pronto.local'))).toBeUndefined();
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no length', Buffer.from([224])],
    ['an empty name', option(224, '')],
    ['a cut name', option(224, 'pronto.local', 13)],
    ['more than the name', option(224, 'pronto.local', 11)],
    ['a NUL inside', option(224, 'pron\0to.local')],
    ['markup', option(224, '<b>pronto</b>')],
    ['a terminal escape', option(224, '\u001b[2Jpronto')],
    ['an empty label', option(224, 'pronto..local')],
    ['a hyphen at an end', option(224, '-pronto.local')],
    ['a label of 64', option(224, 'a'.repeat(64))],
    ['254 characters', option(224, `${'a.'.repeat(126)}aa`)],
  ])('refuses %s', (_, bytes) => {
    expect(decodeDhcpOption(bytes)).toBeUndefined();
  });

  it.each(['', 'pro"nto', 'pronto local', 'a\nb', '10.2.1.188', '7', 'prönto.local', 'pronto.local.'])(
    'a server is not told to say %j',
    (text) => {
      expect(() => encodeDhcpOption(text)).toThrow(RangeError);
      expect(() => dhcpSnippet({ name: text })).toThrow(RangeError);
    },
  );
});

describe('the lines for DHCP servers', () => {
  const textFor = (server: string) =>
    dhcpSnippet({ name: 'pronto.local' }).find((snippet) => snippet.server === server)?.text;

  it('dnsmasq', () => {
    expect(textFor('dnsmasq')).toBe('dhcp-option=224,pronto.local\n');
  });

  it('dnsmasq takes its line', async (test) => {
    const { code, said } = await dnsmasqReads(textFor('dnsmasq') ?? '');
    if (code === undefined) test.skip('dnsmasq is not installed');
    expect(said).toContain('syntax check OK');
    expect((await dnsmasqReads('dhcp-option=option:nonsense,pronto.local\n')).code).not.toBe(0);
  });

  it('OpenWrt, by its shell and by its file', () => {
    const [shell, file] = dhcpSnippet({ name: 'pronto.local' }).filter(({ server }) => server === 'OpenWrt');
    expect(shell?.text).toBe(
      "uci add_list dhcp.lan.dhcp_option='224,pronto.local'\nuci commit dhcp\nservice dnsmasq restart\n",
    );
    expect(file?.text).toBe("\tlist dhcp_option '224,pronto.local'\n");
  });

  it('systemd-networkd', () => {
    expect(textFor('systemd-networkd')).toBe('[DHCPServer]\nSendOption=224:string:pronto.local\n');
  });

  it('ISC dhcpd', () => {
    expect(textFor('ISC dhcpd')).toBe(
      'option xmpp-server code 224 = text;\noption xmpp-server "pronto.local";\n',
    );
  });

  it('Kea: members of the object that the file has', () => {
    const { Dhcp4 } = JSON.parse(`{ "Dhcp4": {${textFor('Kea')}} }`);
    expect(Dhcp4).toEqual({
      'option-def': [{ name: 'xmpp-server', code: 224, type: 'string', space: 'dhcp4' }],
      'option-data': [{ name: 'xmpp-server', data: 'pronto.local' }],
    });
  });
});
