import type { Category } from '../domain/access.js';
import type { NodePart } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import { bareJid } from '../domain/jid.js';
import type { Log } from '../system/log.js';
import type { Authorities } from './authorities.js';
import type { NodeSet } from './node-set.js';
import { controlQuestion, type Question, readQuestion } from './question.js';
import type { Requester } from './requester.js';
import type { ThingNode } from './thing-node.js';
import type { Trust } from './trust.js';
import type { Verdict } from './verdict.js';

/** Something of a thing that is allowed: each of these names of each of these nodes, in these categories. Absent: all. */
export interface Grant {
  readonly nodes: ReadonlySet<ThingNode>;
  /** Fields or parameters. */
  readonly names?: ReadonlySet<string>;
  /** Of fields. */
  readonly categories?: ReadonlySet<Category>;
}

/** What somebody wants of a thing: no names for all of them. Categories are those of fields, none for control. */
export interface Wish {
  readonly nodes: readonly ThingNode[];
  readonly names: readonly string[];
  readonly categories: readonly Category[];
}

/** What the guard stands on. */
export interface GuardParts {
  readonly nodes: NodeSet;
  readonly authorities: Authorities;
  readonly trust: Pick<Trust, 'isFriend'>;
  /** The registry, which is the hub itself; `undefined` where there is none. */
  readonly registry: string | undefined;
  readonly log: Log;
}

/**
 * Decides who reads and controls what of a thing, or of the nodes behind it: provisioning servers and registry all, owners
 * all of what they own, others what the provisioning servers allow [0324 3.3, 3.4]. A thing that trusts no server lets
 * those in whom a person accepted at the thing itself.
 */
export class Guard {
  private readonly parts: GuardParts;

  constructor(parts: GuardParts) {
    this.parts = parts;
  }

  /** What of the wish may be read; nothing for a refusal. Rejects with recipient-unavailable where no server answers. */
  readable(requester: Requester, wish: Wish): Promise<readonly Grant[]> {
    const { names: fields, categories } = wish;
    return this.allowed(requester, wish, (jid, nodes) =>
      readQuestion({ jid, tokens: requester.tokens, categories, nodes, fields }),
    );
  }

  /** What of the wish may be controlled, as `readable`. */
  controllable(requester: Requester, wish: Wish): Promise<readonly Grant[]> {
    const { names: parameters } = wish;
    return this.allowed(requester, wish, (jid, nodes) =>
      controlQuestion({ jid, tokens: requester.tokens, nodes, parameters, spelling: 'long' }),
    );
  }

  /** Whether the requester may know which nodes there are: a server of the thing's, or an owner of a node. */
  isAtHome({ jid }: Requester): boolean {
    const caller = bareJid(jid);
    return this.isServer(caller) || this.parts.nodes.isOwner(caller);
  }

  private async allowed(
    requester: Requester,
    wish: Wish,
    question: (jid: string, nodes: readonly NodePart[]) => Question,
  ): Promise<readonly Grant[]> {
    const caller = bareJid(requester.jid);
    if (this.isServer(caller)) return grantOf(wish.nodes);
    const own = wish.nodes.filter(({ owner }) => owner === caller);
    const others = wish.nodes.filter(({ owner }) => owner !== caller);
    if (others.length === 0) return grantOf(own);
    const { authorities, trust, nodes } = this.parts;
    if (authorities.all.length === 0) return grantOf(trust.isFriend(caller) ? wish.nodes : own);
    const named = nodes.isConcentrator ? others.map(({ address }) => address) : [];
    const rest = { ...wish, nodes: others };
    const grants = await this.ask(question(caller, named), requester.jid, rest, own.length > 0);
    return [...grantOf(own), ...grants];
  }

  /** What servers allow of the wish: the union of what each does [0324 6.3]. */
  private async ask(
    question: Question,
    origin: string,
    wish: Wish,
    hasOther: boolean,
  ): Promise<readonly Grant[]> {
    const { authorities, log } = this.parts;
    try {
      const said = await authorities.ask(question, origin, (verdict) =>
        isWhole(grantsIn(verdict, wish), wish),
      );
      return said.flatMap(({ verdict }) => grantsIn(verdict, wish));
    } catch (error) {
      log.warn('Nobody decided about a request.', { about: question.jid, error: String(error) });
      if (hasOther) return [];
      const text = 'Who decides about this thing does not answer.';
      throw new HubError('recipient-unavailable', text, { cause: error });
    }
  }

  private isServer(jid: string): boolean {
    return jid === this.parts.registry || this.parts.authorities.has(jid);
  }
}

function grantOf(nodes: readonly ThingNode[]): readonly Grant[] {
  return nodes.length === 0 ? [] : [{ nodes: new Set(nodes) }];
}

/** Whether no other answer could add anything. */
function isWhole([grant]: readonly Grant[], wish: Wish): boolean {
  if (grant === undefined) return false;
  const { names, categories } = grant;
  return (
    wish.nodes.every((node) => grant.nodes.has(node)) &&
    (names === undefined || (wish.names.length > 0 && wish.names.every((name) => names.has(name)))) &&
    wish.categories.every((category) => categories?.has(category) ?? true)
  );
}

/**
 * Exactly what an answer allows, and never a node that was not asked for [0324 3.3.2, 3.3.3]. Categories that it does not
 * name are not allowed: they are attributes, false where they are absent.
 */
function grantsIn({ result, nodes, names, categories }: Verdict, wish: Wish): readonly Grant[] {
  const allowed =
    nodes.length === 0 ? wish.nodes : wish.nodes.filter(({ address }) => nodes.some(covers(address)));
  if (!result || allowed.length === 0) return [];
  const grant = {
    nodes: new Set(allowed),
    ...(names.length > 0 && { names: new Set(names) }),
    ...(wish.categories.length > 0 && { categories: new Set(categories) }),
  };
  return [grant];
}

/** An answer that names a node by its id alone means all nodes of that id [0324 6.5]. */
function covers(address: NodePart): (said: NodePart) => boolean {
  return ({ nodeId, sourceId, cacheType }) =>
    nodeId === address.nodeId &&
    (sourceId === '' || sourceId === address.sourceId) &&
    (cacheType === '' || cacheType === address.cacheType);
}
