import type { ThingReport } from '../../domain/admin.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { byOwner } from '../request-parts.js';

/** `hearth claim CODE` */
export const run = answering({
  operation: 'claim',
  request: async (invocation, shell) => {
    const code = invocation.required(0);
    return {
      code: code === '-' ? await shell.readLine() : code,
      private: invocation.flag('private'),
      ...byOwner(invocation),
    };
  },
  show,
});

function show({ address, owner, public: found }: ThingReport): string {
  const who = found ? 'Searches find it.' : 'Searches do not find it.';
  return `${printable(address)} is now owned by ${printable(owner ?? 'nobody')}. ${who}\n`;
}
