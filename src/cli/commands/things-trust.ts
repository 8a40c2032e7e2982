import type { TrustReport } from '../../domain/admin-trust.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import type { Invocation } from '../invocation.js';
import { byOwner } from '../request-parts.js';
import { UsageError } from '../usage-error.js';

/** `hearth things trust ADDRESS [--fingerprint HEX | --forget]` */
export const run = answering({
  operation: 'things-trust',
  request: (invocation) => ({
    address: invocation.required(0),
    ...choice(invocation),
    ...byOwner(invocation),
  }),
  show,
});

function choice(invocation: Invocation): { readonly fingerprint?: string; readonly forget?: boolean } {
  const fingerprint = invocation.value('fingerprint');
  const forget = invocation.flag('forget');
  if (fingerprint === undefined) return { forget };
  if (forget) throw new UsageError('Either --fingerprint or --forget, not both.', 'things trust');
  return { fingerprint };
}

function show({ address, before, now }: TrustReport): string {
  const thing = printable(address);
  if (now === null) {
    return `${thing} needs no certificate any more: who announces this name on the link speaks under it.\n  was ${before}\n`;
  }
  if (before === now) return `${thing} speaks with this certificate already.\n  is  ${now}\n`;
  return `${thing} speaks with another certificate now, and with no other.\n  was ${before ?? 'none'}\n  is  ${now}\n`;
}
