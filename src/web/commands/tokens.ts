import type { CertificateReport } from '../../domain/admin-services.js';
import { type CertificateRecord, isInForce } from '../../domain/certificate.js';
import { bareJid } from '../../domain/jid.js';
import type { Admin } from '../admin.js';
import type { Commands } from '../command.js';
import { fingerprintOf } from '../read-subject.js';
import { isoTime } from '../reports.js';
import { byOwner, nothing } from '../request-parts.js';

/** The certificates behind tokens. The tokens themselves nobody keeps, so nobody is shown them. */
export const tokenCommands: Commands<'tokens' | 'tokens-revoke' | 'tokens-remove'> = {
  tokens: {
    read: nothing,
    run: (admin) => {
      const given = givenTo(admin);
      const uses = usesOf(admin);
      const all = [...admin.tokens.certificates.all()].sort(([, a], [, b]) => a.firstSeen - b.firstSeen);
      return {
        certificates: all.map(([fingerprint, certificate]) => ({
          ...report(admin, fingerprint, certificate),
          givenTo: [...(given.get(fingerprint) ?? [])],
          usedAs: uses.get(fingerprint) ?? [],
        })),
      };
    },
  },
  'tokens-revoke': {
    read: (body) => ({ fingerprint: body.text('fingerprint'), ...byOwner(body) }),
    run: async (admin, request) => {
      const fingerprint = fingerprintOf(admin, request.fingerprint);
      await admin.tokens.revoke.run(fingerprint, admin.owners.actingOwner(request.owner));
      return { fingerprint };
    },
  },
  'tokens-remove': {
    read: (body) => ({ jid: body.text('jid'), ...byOwner(body) }),
    run: async ({ tokens, owners }, request) => {
      const jid = bareJid(request.jid);
      return { jid, tokens: await tokens.remove.run(jid, owners.actingOwner(request.owner)) };
    },
  },
};

type Known = Omit<CertificateRecord, 'der'>;

function report(
  { hub }: Admin,
  fingerprint: string,
  certificate: Known,
): Omit<CertificateReport, 'givenTo' | 'usedAs'> {
  const { subject, notBefore, notAfter, tokens } = certificate;
  return {
    fingerprint,
    subject,
    validFrom: isoTime(notBefore),
    validUntil: isoTime(notAfter),
    state: stateOf(certificate, hub.time()),
    tokens,
  };
}

function stateOf(certificate: Known, now: number | undefined): CertificateReport['state'] {
  if (certificate.revoked !== undefined) return 'revoked';
  if (isInForce(certificate, now)) return 'valid';
  return now !== undefined && now < certificate.notBefore ? 'not yet' : 'ended';
}

function givenTo({ tokens }: Admin): Map<string, Set<string>> {
  const byFingerprint = new Map<string, Set<string>>();
  for (const [, { fingerprint, by }] of tokens.known.all()) {
    const jids = byFingerprint.get(fingerprint) ?? new Set();
    byFingerprint.set(fingerprint, jids.add(by));
  }
  return byFingerprint;
}

/** A token has no kind of its own: what it is shows in who asked with it, and in what rules say of it. */
function usesOf({ services, rules }: Admin): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  const add = (identity: string, use: string) => uses.set(identity, [...(uses.get(identity) ?? []), use]);
  for (const { identity, name } of services.known.all())
    add(identity, name === undefined ? 'service' : `service ${name}`);
  const named = new Map<string, string[]>();
  for (const { id, subject } of rules.all()) {
    if (subject.kind !== 'service' && subject.kind !== 'device') continue;
    const key = `${subject.kind} ${subject.identity}`;
    named.set(key, [...(named.get(key) ?? []), id]);
  }
  for (const [key, ids] of named) {
    const [kind = '', identity = ''] = key.split(' ');
    add(identity, `${kind} in ${ids.length === 1 ? 'rule' : 'rules'} ${ids.join(', ')}`);
  }
  return uses;
}
