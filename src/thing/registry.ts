import { rowOf } from '../dialects/table.js';
import { decodeClaimCode } from '../domain/claim-code.js';
import type { ClaimAnswer, Found, NodePart, OperationName, Operations } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { Generation } from '../domain/generation.js';
import { bareJid } from '../domain/jid.js';
import { type NodeAddress, parseAddress } from '../domain/node-address.js';
import type { SearchOperator } from '../domain/search.js';
import { readExpression } from '../domain/search-expression.js';
import type { Tag } from '../domain/tag.js';
import { SessionError } from './client/session-error.js';
import type { HubService } from './hub-service.js';
import type { TagValues } from './options.js';
import type { Session } from './session.js';
import { givenTags } from './tags.js';
import { NO_NODE } from './thing-node.js';

/** A thing as a search finds it. `owner` is empty where the registry does not tell him. */
export type FoundThing = Found['things'][number];

/** A thing: `JID`, or `JID#nodeId` or `JID#sourceId/nodeId` behind a concentrator, or its parts. */
export type ThingAddress = string | NodeAddress;

/**
 * What must hold of a thing that is searched: an operator, or its text such as `CLASS=lamp`, `LAT=59..60`, `V>=1.2` or
 * `SN~39487*`. A text that leaves open whether a number is meant is refused; `#FLOOR=2` is a number, `FLOOR="2"` a text.
 */
export type SearchTerm = string | SearchOperator;

/** Things on a page of a search, where nothing else is said. */
const PAGE = 100;

/**
 * The registry of things, as an owner and everybody who looks for things sees it, over an open session. Every method
 * rejects with RequestRefused where the registry refuses, which says its condition such as `item-not-found`; with
 * SessionError where it does not answer (`unreachable`) or answers nonsense (`protocol`); and with bad-request,
 * jid-malformed or claim-code-malformed for what nobody need be asked.
 */
export class Registry {
  private readonly session: Session;
  /** The registry's address. */
  readonly address: string;
  /** The namespaces that it is spoken to in. */
  readonly generation: Generation;

  constructor(session: Session, service: Pick<HubService, 'registry' | 'generation'>) {
    this.session = session;
    this.address = service.registry;
    this.generation = service.generation;
  }

  /**
   * Claims a thing by the text of its QR code, or by its tags, KEY among them [0347 3.9]. A code that names its registry is
   * claimed there. Refused with item-not-found, whatever the reason, later and later for whoever guesses. `public`,
   * true if not given: others find it.
   */
  async claim(
    codeOrTags: string | TagValues,
    options: { readonly public?: boolean } = {},
  ): Promise<ClaimAnswer> {
    const { public: isPublic = true } = options;
    const { tags, registry = this.address }: { tags: readonly Tag[]; registry?: string } =
      typeof codeOrTags === 'string' ? decodeClaimCode(codeOrTags) : { tags: givenTags(codeOrTags) };
    return this.ask('claim', { tags, public: isPublic }, bareJid(registry));
  }

  /** One page of the public things that fit all terms [0347 3.15]. The registry may make it smaller than asked. */
  async search(
    terms: readonly SearchTerm[],
    page: { readonly offset?: number; readonly maxCount?: number } = {},
  ): Promise<Found> {
    const { offset = 0, maxCount = PAGE } = page;
    return this.ask('search', { operators: terms.map(readTerm), offset, maxCount });
  }

  /** All public things that fit all terms, page by page as they are wanted. */
  async *searchAll(terms: readonly SearchTerm[], maxCount: number = PAGE): AsyncGenerator<FoundThing> {
    let offset = 0;
    for (;;) {
      const { things, more } = await this.search(terms, { offset, maxCount });
      yield* things;
      offset += things.length;
      if (!more || things.length === 0) return;
    }
  }

  /** Changes tags of a thing of one's own; `''` takes one away [0347 3.14]. */
  async update(address: ThingAddress, tags: TagValues): Promise<void> {
    const { jid, ...node } = read(address);
    await this.ask('update', { jid, node, tags: givenTags(tags) });
  }

  /** Takes a thing of one's own out of the registry: nobody finds it, it keeps its owner [0347 3.10]. */
  async remove(address: ThingAddress): Promise<void> {
    await this.ask('remove', { thing: read(address) });
  }

  /** Gives a thing up. Refused with not-allowed while the thing is away or does not confirm [0347 3.17]. */
  async disown(address: ThingAddress): Promise<void> {
    await this.ask('disown', { thing: read(address) });
  }

  /** Takes what this account registered itself out of the registry, or a node behind it [0347 3.16]. */
  async unregister(node: Partial<NodePart> = {}): Promise<void> {
    await this.ask('unregister', { node: { ...NO_NODE, ...node } });
  }

  private async ask<Name extends OperationName>(
    operation: Name,
    command: Operations[Name]['command'],
    to: string = this.address,
  ): Promise<Operations[Name]['answer']> {
    const row = rowOf(operation, this.generation);
    const [type = 'set'] = row.types;
    const payload = row.writeRequest(command);
    const answer = await this.session.ask(type, to, payload).catch((error: unknown) => {
      if (!(error instanceof HubError)) throw error;
      throw new SessionError('unreachable', `The registry ${to} does not answer.`, { cause: error });
    });
    try {
      return row.readAnswer(answer);
    } catch (cause) {
      throw new SessionError('protocol', `The registry ${to} answers nonsense: ${String(cause)}.`, { cause });
    }
  }
}

function read(address: ThingAddress): NodeAddress {
  const parts = typeof address === 'string' ? parseAddress(address) : address;
  return { ...parts, jid: bareJid(parts.jid) };
}

function readTerm(term: SearchTerm): SearchOperator {
  if (typeof term !== 'string') return term;
  const [only, other] = readExpression(term);
  if (only !== undefined && other === undefined) return only;
  throw new HubError(
    'bad-request',
    `"${term}" leaves open whether a number or a text is meant: write #FLOOR=2 for a number, FLOOR="2" for a text.`,
  );
}
