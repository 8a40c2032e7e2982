import type { ThingReport } from '../../domain/admin.js';
import { readTagChanges } from '../../domain/tag-expression.js';
import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { byOwner, checked } from '../request-parts.js';
import { tagText } from '../tag-text.js';

/** `hearth update ADDRESS TAG=VALUE…` */
export const run = answering({
  operation: 'update',
  request: (invocation) => {
    const tags = invocation.rest(1);
    checked('update', () => readTagChanges(tags, []));
    return { address: invocation.required(0), tags, ...byOwner(invocation) };
  },
  show,
});

function show({ address, tags }: ThingReport): string {
  const text = tagText(tags);
  return `${printable(address)} ${text === '' ? 'has no tags now' : `has now: ${printable(text)}`}\n`;
}
