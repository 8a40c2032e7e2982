import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hubService } from '../../src/discovery/hub-service.js';
import { announced, zoneOf } from '../../src/discovery/mdns/zone.js';

const page = readFileSync('docs/network.md', 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| '));
const LIVES: Readonly<Record<number, string>> = { 120: '2 min', 4500: '75 min' };

describe('docs/network.md', () => {
  const services = [
    hubService({ port: 5222, domain: 'pronto.local', regis: 'hub', provis: 'hub' }),
    { type: '_presence._tcp', user: 'hub', port: 5298, txt: [['txtvers', '1']] as const },
  ];
  const zone = zoneOf('pronto', services, { told: ['10.0.0.1', 'fe80::1'] });

  it('has a row with the life of each record that is announced', () => {
    for (const { kind, name, ttl } of announced(zone)) {
      const life = LIVES[ttl];
      const isOfKind = (row: string): boolean => row.startsWith(`| ${kind}`) || row.startsWith('| A, AAAA');
      const of =
        kind === 'TXT'
          ? rows.filter((row) => row.startsWith('| TXT of the same'))
          : rows.filter((row) => isOfKind(row) && (kind === 'NSEC' || row.includes(`\`${name}\``)));
      expect(of.length, `${kind} ${name}`).toBeGreaterThan(0);
      for (const row of of) expect(row).toContain(`| ${life} |`);
    }
  });

  it('names every key of the server that things need', () => {
    const [row = ''] = rows.filter((line) => line.startsWith('| TXT of the same'));
    for (const [key] of services[0]?.txt ?? []) expect(row).toContain(key);
  });
});
