import type { ThingReport } from '../../domain/admin.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { byOwner } from '../request-parts.js';

/** `hearth disown ADDRESS` */
export const run = answering({
  operation: 'disown',
  request: (invocation) => ({ address: invocation.required(0), ...byOwner(invocation) }),
  waiting: (invocation) => `Waiting until ${invocation.required(0)} acknowledges that…`,
  show,
});

function show({ address }: ThingReport): string {
  return `${printable(address)} has no owner any more; what was allowed about it is forgotten. It waits to be claimed with a new code.\n`;
}
