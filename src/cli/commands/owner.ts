import type { OwnerReport, SetupCode } from '../../domain/admin.js';
import { answering } from '../answering.js';
import { readableTime } from '../readable-time.js';
import type { Shell } from '../shell.js';

/** `hearth owner` */
export const owner = answering({ operation: 'owner', request: () => ({}), show });

/** `hearth setup-code` */
export const setupCode = answering({ operation: 'setup-code', request: () => ({}), show: showCode });

function show({ owners, setupCode: code }: OwnerReport, shell: Shell): string {
  if (owners.length > 0) return `Owned by ${owners.join(', ')}.\n`;
  const hint = 'This hub has no owner yet. Make one here with: hearth accounts add NAME --owner\n';
  return code === null ? hint : hint + showCode(code, shell);
}

function showCode({ code, expiresAt }: SetupCode, shell: Shell): string {
  const until = readableTime(expiresAt, shell.now());
  return `Setup code: ${code}\nWhoever gives it when he makes his account is an owner. Good once, until ${until}.\n`;
}
