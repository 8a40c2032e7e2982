import { linkRights } from './assurance.js';
import { type HubOperation, hubOperations } from './command.js';

/** What stands before and after the table in docs/network.md. */
export const linkRightsMarks = {
  begin: '<!-- what a peer on the link may do: npm run docs -->',
  end: '<!-- end of what a peer on the link may do -->',
} as const;

/** What a peer on the link may do, by name alone and with its certificate, as a table in Markdown. */
export function linkRightsTable(): string {
  const rows = hubOperations.map((operation) => `| ${cells(operation).join(' | ')} |\n`);
  return `| operation | what it is | by name alone | with the pinned certificate |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

/** A page (Markdown) with the table as it is now between the marks. Throws where it has no marks. */
export function withLinkRights(page: string): string {
  const { begin, end } = linkRightsMarks;
  const [before, rest = ''] = page.split(begin);
  const after = rest.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`The page lacks ${begin} or ${end}.`);
  return `${before}${begin}\n\n${linkRightsTable()}\n${end}${after}`;
}

function cells(operation: HubOperation): readonly string[] {
  const { means, unverified, pinned } = linkRights[operation];
  const byName = { always: 'yes', unclaimed: 'while nobody owns the thing', never: 'no' }[unverified];
  return [`\`${operation}\``, means, byName, pinned ? 'yes' : 'no: it takes an account'];
}
