import { expect } from 'vitest';
import { DHCP_CODES, decodeDhcpOption, encodeDhcpOption } from '../../src/discovery/dhcp-option.js';
import { hubService } from '../../src/discovery/hub-service.js';
import { sameName } from '../../src/discovery/mdns/names.js';
import type { ResourceRecord } from '../../src/discovery/mdns/records.js';
import { zoneOf } from '../../src/discovery/mdns/zone.js';
import { decodeClaimCode, encodeXepClaimCode } from '../../src/domain/claim-code.js';
import { readStanzas } from './stanzas.js';

/** The examples that are no stanzas, each with what holds Hearth to it. */
export const fragments: Readonly<Record<string, (text: string) => void>> = {
  'xep-0347/dhcp-01': (text) => {
    const shape = text.trim().replace('<option code>', '224').replace('<data length>', '7');
    expect(asText(encodeDhcpOption('machine'))).toBe(shape);
  },
  'xep-0347/dhcp-02': (text) => {
    const [code, length, name = ''] = text.trim().split(' ');
    expect(asText(encodeDhcpOption(name))).toBe(text.trim());
    const bytes = Buffer.concat([Buffer.from([Number(code), Number(length)]), Buffer.from(name)]);
    expect(decodeDhcpOption(bytes)).toBe('pronto.local');
  },
  'xep-0347/dhcp-03': (text) => {
    const tag = Number(/<tag>(\d+)<\/tag>/.exec(text)?.[1]);
    expect(tag).toBe(DHCP_CODES.proposed);
    expect(decodeDhcpOption(Buffer.from([tag, 6, ...Buffer.from('pronto')]))).toBe('pronto');
  },
  'xep-0347/announce-04': (text) => expectRecords('machine', text),
  'xep-0347/announce-05': (text) => expectRecords('machine', text),
  'xep-0347/announce-06': (text) => expectRecords('machine', text),
  'xep-0347/announce-07': (text) => expect(announcedTexts()).toEqual(text.trim().split(/\s+/)),
  'xep-0347/announce-08': (text) => {
    expectRecords('pronto', text);
    const kinds = blocksOf(text).map((block) => readRecord(block).kind);
    expect(ourRecords('pronto').map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
    expect(new Set(kinds)).toEqual(new Set(['PTR', 'SRV', 'A', 'TXT']));
  },
  'xep-0347/announce-09': (text) => {
    const registry = readStanzas(text).map((param) => ({
      name: param.child('name')?.text(),
      status: param.child('status')?.text(),
    }));
    const sent = announcedTexts().map((pair) => pair.split('=')[0]);
    expect(registry.map(({ name }) => name)).toEqual(
      expect.arrayContaining(sent.filter((name) => name !== 'txtvers')),
    );
    const recommended = registry.filter(({ status }) => status === 'recommended').map(({ name }) => name);
    expect(sent).toEqual(expect.arrayContaining(recommended));
  },
  'xep-0347/claim-code-14': (text) =>
    expect(encodeXepClaimCode(decodeClaimCode(text.trim()).tags)).toBe(text.trim()),
};

/** A DHCP option as the examples write it: code, length, name. */
function asText(option: Buffer): string {
  return `${option[0]} ${option[1]} ${option.toString('ascii', 2)}`;
}

/** What a hub of the examples' facts announces. */
function ourRecords(label: string): readonly ResourceRecord[] {
  const facts = { port: 5222, domain: 'example.com', regis: 'registry', provis: 'provisioning' };
  const zone = zoneOf(label, [hubService(facts)], { told: ['10.2.1.188'] });
  return [...zone.shared, ...zone.unique];
}

function announcedTexts(): string[] {
  const text = ourRecords('machine').find(({ kind }) => kind === 'TXT');
  return text?.data.type === 'TXT' ? text.data.strings.map(String) : [];
}

/** Each record of an example is one of ours: same name and type, same data wherever the example says which. */
function expectRecords(label: string, text: string): void {
  for (const { name, kind, data } of blocksOf(text).map(readRecord)) {
    const ours = ourRecords(label).find(
      (record) => record.kind === kind && sameName(record.name, undotted(name)),
    );
    if (ours === undefined) throw new Error(`we announce no ${kind} record of ${name}`);
    // One of the examples says neither priority nor weight; port and target stand at the end.
    const same = dataOf(ours).slice(-data.length);
    expect(data.map((word, i) => (isPlaceholder(word) ? same[i] : word))).toEqual(same);
    if (kind !== 'SRV') expect(data).toHaveLength(dataOf(ours).length);
  }
}

function blocksOf(text: string): string[] {
  return text.trim().split(/\n\s*\n/);
}

/** `name [<ttl>] [IN] TYPE data…` */
function readRecord(block: string): { name: string; kind: string; data: string[] } {
  const parts = /^(\S+)\s+(?:<ttl>\s+)?(?:IN\s+)?(PTR|SRV|A|TXT)\s+(.+)$/s.exec(block.trim());
  if (parts === null) throw new Error(`not a record: ${block}`);
  const [, name = '', kind = '', data = ''] = parts;
  return { name, kind, data: data.split(/\s+/).map((word) => word.replaceAll('"', '')) };
}

/** One of the examples lacks the dot at the end of its name. */
function undotted(name: string): string {
  return name.replace(/\.$/, '');
}

function isPlaceholder(word: string): boolean {
  return word.startsWith('<') || word === 'port-number' || word === 'ip-address';
}

function dataOf({ data }: ResourceRecord): string[] {
  switch (data.type) {
    case 'PTR':
      return [`${data.target}.`];
    case 'SRV': {
      const { priority, weight, port, target } = data.service;
      return [String(priority), String(weight), String(port), `${target}.`];
    }
    case 'TXT':
      return data.strings.map(String);
    case 'A':
      return [data.address];
    default:
      return [];
  }
}
