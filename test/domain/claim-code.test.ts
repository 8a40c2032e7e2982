import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeClaimCode, encodeClaimCode, encodeXepClaimCode } from '../../src/domain/claim-code.js';
import { HubError } from '../../src/domain/errors.js';
import type { Tag } from '../../src/domain/tag.js';
import { anyName, anyNumber, anyText } from './random-tags.js';

const tags = fc
  .uniqueArray(fc.record({ name: anyName, value: fc.oneof(anyText, anyNumber) }), {
    selector: (tag) => tag.name,
  })
  .map((others): Tag[] => [{ name: 'KEY', value: '4857402340298342' }, ...others]);

/** Runs a decode that must be refused; the text that the person reads. */
function refusal(code: string): string {
  try {
    decodeClaimCode(code);
  } catch (error) {
    if (error instanceof HubError && error.code === 'claim-code-malformed') return error.message;
    throw error;
  }
  throw new Error(`was read: ${code}`);
}

describe('claim codes', () => {
  const example = 'IoTDisco;SN:394872348732948723;MAN:www.ktc.se;MODEL:IMC;#V:1.2;KEY:4857402340298342';
  const exampleTags: Tag[] = [
    { name: 'SN', value: '394872348732948723' },
    { name: 'MAN', value: 'www.ktc.se' },
    { name: 'MODEL', value: 'IMC' },
    { name: 'V', value: 1.2 },
    { name: 'KEY', value: '4857402340298342' },
  ];

  it('reads and writes the example of the XEP, letter by letter', () => {
    expect(decodeClaimCode(example)).toEqual({ tags: exampleTags });
    expect(encodeXepClaimCode(exampleTags)).toBe(example);
  });

  it('reads a URI with its registry', () => {
    const uri =
      'iotdisco:SN=98734238472634;MAN=www.example.org;MODEL=Device;#V=1.0;KEY=3453485763440213840928;R=discovery.example.org';
    expect(decodeClaimCode(uri)).toEqual({
      tags: [
        { name: 'SN', value: '98734238472634' },
        { name: 'MAN', value: 'www.example.org' },
        { name: 'MODEL', value: 'Device' },
        { name: 'V', value: 1 },
        { name: 'KEY', value: '3453485763440213840928' },
      ],
      registry: 'discovery.example.org',
    });
  });

  it('appends R to every URI, and takes the scheme in any case', () => {
    const code = encodeClaimCode(exampleTags, 'hub.attic.local');
    expect(code).toBe(
      'iotdisco:SN=394872348732948723;MAN=www.ktc.se;MODEL=IMC;#V=1.2;KEY=4857402340298342;R=hub.attic.local',
    );
    expect(decodeClaimCode(code.replace('iotdisco', 'IoTDiSCO')).registry).toBe('hub.attic.local');
  });

  it('reads percent and backslash escapes in a URI', () => {
    const code = decodeClaimCode('iotdisco:KEY=1;NAME=a%3bb\\;c\\\\d%C3%A9%25;N%3DO=x=y');
    expect(code.tags.slice(1)).toEqual([
      { name: 'NAME', value: 'a;b;c\\dé%' },
      { name: 'N=O', value: 'x=y' },
    ]);
  });

  it('comes back as it was, in both forms', () => {
    fc.assert(
      fc.property(tags, (all) => {
        expect(decodeClaimCode(encodeClaimCode(all, 'hub.x'))).toEqual({ tags: all, registry: 'hub.x' });
        expect(decodeClaimCode(encodeXepClaimCode(all))).toEqual({ tags: all });
      }),
    );
  });

  it('refuses anything else with a text, and never fails otherwise', () => {
    const prefix = fc.constantFrom('', 'iotdisco:', 'IoTDisco;', 'iotdisco:KEY=1;', 'IoTDisco;#V:');
    fc.assert(
      fc.property(prefix, fc.string(), (start, rest) => {
        try {
          decodeClaimCode(start + rest);
        } catch (error) {
          expect(error).toBeInstanceOf(HubError);
          expect((error as HubError).code).toBe('claim-code-malformed');
        }
      }),
    );
  });

  it.each([
    ['', 'Copy the whole text'],
    ['https://example.org/', 'Copy the whole text'],
    ['iotdisco:', 'empty part'],
    ['iotdisco:KEY=1;', 'empty part'],
    ['iotdisco:KEY', 'has no "="'],
    ['IoTDisco;KEY', 'has no ":"'],
    ['iotdisco:KEY=%4', 'begins no escape'],
    ['iotdisco:KEY=%FF', 'begins no escape'],
    ['iotdisco:KEY=1\\', 'within an escape'],
    ['IoTDisco;KEY:1\\', 'within an escape'],
    ['iotdisco:SN=1;R=hub.x', 'no KEY: it is good for a search'],
    ['iotdisco:JID=lamp@home.local', 'no KEY: it only names a thing'],
    ['iotdisco:KEY=1;V>=2', 'search'],
    ['iotdisco:KEY=1;#V=one', 'finite decimal'],
    ['iotdisco:KEY=1;#V=1e999', 'finite decimal'],
    ['iotdisco:KEY=1;#V=Infinity', 'finite decimal'],
    ['iotdisco:KEY=1;#V=0x10', 'finite decimal'],
    ['iotdisco:KEY=1;key=2', 'comes twice'],
    ['iotdisco:KEY=1;A%20B=2', 'white space'],
    [`iotdisco:KEY=${'1'.repeat(129)}`, '128'],
    [`iotdisco:KEY=${'1'.repeat(4000)}`, 'longer than'],
    ['iotdisco:KEY=1;#R=1', 'address of a hub'],
    ['iotdisco:R=hub.x', 'no tags'],
  ])('refuses %s', (code, text) => {
    expect(refusal(code)).toContain(text);
  });
});
