import type { SearchReport, SearchRequest } from '../domain/admin.js';
import type { Found, Search } from '../domain/command.js';
import { discoveryKind } from '../domain/discovery-kind.js';
import { HubError } from '../domain/errors.js';
import { formatAddress } from '../domain/node-address.js';
import type { SearchOperator } from '../domain/search.js';
import { readSearch } from '../domain/search-expression.js';
import { decodeSearchUri } from '../domain/search-uri.js';
import { publicTags } from '../domain/tag.js';
import type { Admin } from './admin.js';
import { PAGE } from './request-parts.js';

/**
 * Searches the registry by expressions as people write them, or by one search URI. Where an expression may mean a
 * number or a text, the first way to understand all of them that finds anything counts, for every page.
 */
export async function searchThings(admin: Admin, request: SearchRequest): Promise<SearchReport> {
  const { expressions, offset = 0, limit = PAGE } = request;
  const operators = await meant(admin, searchesOf(admin, expressions));
  const { things, more } = await run(admin, { operators, offset, maxCount: limit });
  return {
    more,
    things: things.map(({ thing, owner, tags }) => ({
      address: formatAddress(thing),
      owner,
      public: true,
      removed: false,
      connected: admin.hub.connected(thing.jid),
      certificateUnclear: false,
      tags: Object.fromEntries(publicTags(tags).map(({ name, value }) => [name, value])),
    })),
  };
}

type Operators = readonly SearchOperator[];

function searchesOf(admin: Admin, expressions: readonly string[]): readonly Operators[] {
  const [uri, ...others] = expressions.filter((expression) => discoveryKind(expression.trim()) !== undefined);
  if (uri === undefined) return readSearch(expressions);
  if (others.length > 0 || expressions.length > 1)
    throw new HubError('bad-request', 'A search URI stands alone: it holds the whole search.');
  const { operators, registry = '' } = readUri(uri.trim());
  const { hub, domain } = admin.hub.ready();
  if (!['', hub, domain, `hub@${domain}`].includes(registry.toLowerCase()))
    throw new HubError('bad-request', `This search is for the registry ${registry}; this one is ${hub}.`);
  return [operators];
}

function readUri(uri: string): ReturnType<typeof decodeSearchUri> {
  switch (discoveryKind(uri)) {
    case 'claim':
      throw new HubError('bad-request', 'This has a KEY: it is a claim code. See: hearth claim --help');
    case 'direct':
      throw new HubError('bad-request', "This names one thing. See it with: hearth things show 'URI'");
    default:
      return decodeSearchUri(uri);
  }
}

/** The first search that finds anything; the first one where none does. */
async function meant(admin: Admin, searches: readonly Operators[]): Promise<Operators> {
  const [likeliest = []] = searches;
  if (searches.length === 1) return likeliest;
  for (const operators of searches) {
    const { things } = await run(admin, { operators, offset: 0, maxCount: 1 });
    if (things.length > 0) return operators;
  }
  return likeliest;
}

async function run(admin: Admin, command: Search): Promise<Found> {
  const { hub } = admin.hub.ready();
  return admin.search.run(command, { jid: hub, assurance: 'local', hub });
}
