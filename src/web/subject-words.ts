import { formatSubject, type Subject, type TokenSubject } from '../domain/rule.js';
import type { Admin } from './admin.js';

/** Hex digits of a fingerprint that a person is shown: enough that nobody makes another certificate that begins so. */
export const SHOWN = 16;

type Names = Pick<Admin, 'services' | 'tokens'>;

/** A subject as a person reads it, what goes by tokens with the names that the hub knows: `the service Grafana (ab12…)`. */
export function subjectWords(admin: Names, subject: Subject): string {
  switch (subject.kind) {
    case 'service':
      return `the service ${serviceWords(admin, subject.identity)}`;
    case 'device':
      return `the device ${deviceWords(admin, subject.identity)}`;
    case 'user':
      return userWords(admin, subject.identity);
    default:
      return formatSubject(subject);
  }
}

/** The beginning of a fingerprint. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.length > SHOWN ? `${fingerprint.slice(0, SHOWN)}…` : fingerprint;
}

/** Replaces identities in a sentence of the hub by what a person reads. */
export function nameIdentities(admin: Names, text: string, subjects: readonly TokenSubject[]): string {
  let named = text;
  for (const subject of subjects)
    named = named.replaceAll(formatSubject(subject), () => subjectWords(admin, subject));
  return named;
}

function serviceWords({ services }: Names, identity: string): string {
  const name = services.known.get(identity)?.name;
  const fingerprint = shortFingerprint(identity);
  return name === undefined ? fingerprint : `${name} (${fingerprint})`;
}

/** A device is named by who got its tokens: that, the hub knows for certain. */
function deviceWords({ tokens }: Names, identity: string): string {
  const fingerprint = shortFingerprint(identity);
  for (const [, { fingerprint: its, by }] of tokens.known.all())
    if (its === identity) return `of ${by} (${fingerprint})`;
  return fingerprint;
}

function userWords(admin: Names, identity: string): string {
  const end = Math.max(identity.indexOf('/'), 0);
  return `the user ${identity.slice(end + 1)} of ${serviceWords(admin, identity.slice(0, end))}`;
}
