import type { ThingReport } from '../../domain/admin.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { byOwner } from '../request-parts.js';

/** `hearth remove ADDRESS` */
export const run = answering({
  operation: 'remove',
  request: (invocation) => ({ address: invocation.required(0), ...byOwner(invocation) }),
  show,
});

function show({ address, owner }: ThingReport): string {
  const thing = printable(address);
  return (
    `${thing} is out of the registry: no search finds it. ${printable(owner ?? 'Nobody')} still owns it.\n` +
    `To bring it back: hearth claim ${thing}. To give it up: hearth disown ${thing}\n`
  );
}
