import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBrowseLine } from '../../src/discovery/avahi/browse-line.js';

const WHERE = '=;eth0;IPv4;hub\\064pronto;_presence._tcp;local';
const HOW = 'pronto.local;10.77.0.1;5298';

/** A label as avahi 0.8 writes it. */
function label(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('');
}

/** A TXT record as avahi 0.8 writes it: the last string first. */
function text(strings: readonly Uint8Array[]): string {
  return [...strings]
    .reverse()
    .map((bytes) => `"${label(bytes)}"`)
    .join(' ');
}

describe('a line of avahi-browse', () => {
  it('tells what came and went', () => {
    const where = { interface: 'eth0', protocol: 'IPv6', instance: 'pe.te;r \\ ä@x' };
    const told = 'eth0;IPv6;pe\\.te\\059r\\032\\\\\\032\\195\\164\\064x;_presence._tcp;local';
    expect(readBrowseLine(`+;${told}`)).toEqual({ kind: 'new', ...where });
    expect(readBrowseLine(`-;${told}`)).toEqual({ kind: 'gone', ...where });
  });

  it('tells where it is and its texts, in the order of the record', () => {
    const line = `${WHERE};${HOW};"bin=\\255\\001" "msg=a\\"b\\\\c;d\\010e" "txtvers=1"`;
    expect(readBrowseLine(line)).toEqual({
      kind: 'resolved',
      interface: 'eth0',
      protocol: 'IPv4',
      instance: 'hub@pronto',
      host: 'pronto.local',
      address: '10.77.0.1',
      port: 5298,
      txt: [
        Buffer.from('txtvers=1'),
        Buffer.from('msg=a"b\\c;d\ne'),
        Buffer.from([0x62, 0x69, 0x6e, 0x3d, 0xff, 1]),
      ],
    });
    expect(readBrowseLine(`${WHERE};${HOW};`)).toMatchObject({ txt: [] });
  });

  it('any text and any name comes back as it was announced', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
    const name = fc.string({ minLength: 1, maxLength: 15, unit: 'grapheme' });
    fc.assert(
      fc.property(name, fc.array(bytes, { maxLength: 5 }), (instance, strings) => {
        const line = `=;eth0;IPv6;${label(Buffer.from(instance))};_presence._tcp;local;${HOW};${text(strings)}`;
        const read = readBrowseLine(line);
        expect(read).toMatchObject({ instance, txt: strings.map((string) => Buffer.from(string)) });
      }),
    );
  });

  it.each([
    ['', 'nothing'],
    ['Client failure, exiting: Daemon connection failed', 'a complaint'],
    [WHERE, 'no place'],
    [`${WHERE};pronto.local;10.77.0.1;65536;`, 'no port'],
    [`${WHERE};pronto.local;here;5298;`, 'no address'],
    [`${WHERE};${HOW};"open`, 'a string without end'],
    [`${WHERE};${HOW};"a"  "b"`, 'a gap'],
    [`${WHERE};${HOW};"a\\1"`, 'half an escape'],
    ['+;eth0;IPv4;a b;_presence._tcp;local', 'a name that is not escaped'],
    ['+;eth0;IPv4;\\255\\254;_presence._tcp;local', 'a name that is no UTF-8'],
    ['+;eth0;IPX;pronto;_presence._tcp;local', 'another protocol'],
  ])('%j is none: %s', (line) => {
    expect(readBrowseLine(line)).toBeUndefined();
  });

  it('any line is read without an error, in time', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (line) => void readBrowseLine(line)));
    const long = `${WHERE};${HOW};${'"\\\\'.repeat(20_000)}`;
    expect(readBrowseLine(long)).toBeUndefined();
    expect(readBrowseLine(`${WHERE};${HOW};${'"" '.repeat(20_000)}"`)).toBeUndefined();
  });
});
