import type { AdminOperations } from '../../domain/admin.js';
import { discoveryKind } from '../../domain/discovery-kind.js';
import { readSearch } from '../../domain/search-expression.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import type { Invocation } from '../invocation.js';
import { checked, moreText, page } from '../request-parts.js';
import { thingRow } from '../rows.js';
import type { Shell } from '../shell.js';

/** `hearth search EXPR…` */
export const run = answering({
  operation: 'search',
  request: (invocation) => {
    const expressions = invocation.rest(0);
    // What a URI asks for is checked by the hub, which knows whether it is meant.
    const uri = expressions.some((expression) => discoveryKind(expression.trim()) !== undefined);
    if (!uri) checked('search', () => readSearch(expressions));
    return { expressions, ...page(invocation) };
  },
  show,
});

function show(
  { things, more }: AdminOperations['search']['answer'],
  shell: Shell,
  invocation: Invocation,
): string {
  if (things.length === 0)
    return 'No public thing fits. Things that are private, unclaimed or removed are not found by searches; all are listed by: hearth things\n';
  const rows = things.map((thing) => thingRow(thing));
  return table(['ADDRESS', 'OWNER', 'STATE', 'TAGS'], rows, shell) + moreText(more, invocation);
}
