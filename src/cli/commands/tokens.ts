import type { AdminOperations } from '../../domain/admin.js';
import type { CertificateReport } from '../../domain/admin-services.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import { shortFingerprint } from '../fingerprint.js';
import { readableTime } from '../readable-time.js';
import { byOwner } from '../request-parts.js';
import type { Shell } from '../shell.js';

/** `hearth tokens` */
export const list = answering({ operation: 'tokens', request: () => ({}), show });

/** `hearth tokens revoke FINGERPRINT` */
export const revoke = answering({
  operation: 'tokens-revoke',
  request: (invocation) => ({ fingerprint: invocation.required(0), ...byOwner(invocation) }),
  show: ({ fingerprint }) =>
    `Certificate ${shortFingerprint(fingerprint)} is revoked for good: its tokens have ended, and its rules grant nothing.\n`,
});

/** `hearth tokens remove JID` */
export const remove = answering({
  operation: 'tokens-remove',
  request: (invocation) => ({ jid: invocation.required(0), ...byOwner(invocation) }),
  show: ({ jid, tokens }) =>
    `${tokens} ${tokens === 1 ? 'token' : 'tokens'} of ${printable(jid)} ended. It can ask for new ones; to end that: hearth tokens revoke\n`,
});

function show({ certificates }: AdminOperations['tokens']['answer'], shell: Shell): string {
  if (certificates.length === 0) return 'No tokens. Things and services ask for them by themselves.\n';
  const rows = certificates.map((certificate) => [
    shortFingerprint(certificate.fingerprint),
    certificate.subject,
    validity(certificate, shell.now()),
    certificate.givenTo.length === 0 ? '(nobody now)' : certificate.givenTo.join(', '),
    certificate.usedAs.length === 0 ? '(nothing yet)' : certificate.usedAs.join(', '),
  ]);
  return `${table(['FINGERPRINT', 'SAYS IT IS', 'VALID', 'GIVEN TO', 'USED AS'], rows)}What a certificate says of itself nobody has verified.\n`;
}

function validity({ state, validFrom, validUntil }: CertificateReport, now: number): string {
  if (state === 'revoked') return 'revoked';
  if (state === 'not yet') return `from ${readableTime(validFrom, now)}`;
  const until = readableTime(validUntil, now);
  return state === 'ended' ? `ended ${until}` : `until ${until}`;
}
