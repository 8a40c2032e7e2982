import type { Identities, Tokens } from '../../domain/access.js';
import type { Caller } from '../../domain/command.js';
import type { NodeAddress } from '../../domain/node-address.js';
import type { Wants } from '../../domain/question.js';
import type { RuleKind } from '../../domain/rule.js';
import type { Store } from '../../storage/store.js';
import type { Log } from '../../system/log.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { AccessDecision } from './access-decisions.js';
import type { AskOwner } from './ask-owner.js';
import type { KnownNames } from './known-names.js';

/** Finds out who stands behind the tokens of a request. */
export interface Identifier {
  run(jid: string, tokens: Tokens, askedBy: Caller): Promise<Identities>;
}

/** What is different between reading and control. */
export interface AccessKind<Command, Answer> {
  readonly kind: Exclude<RuleKind, 'friend'>;
  decide(device: string, command: Command, who: Identities): AccessDecision<Answer>;
  /** The answer that allows nothing. */
  refusal(command: Command): Answer;
  wants(command: Command): Wants;
}

/** What the decision stands on. */
export interface DecideAccessParts {
  readonly store: Store;
  readonly identifier: Identifier;
  readonly ask: AskOwner;
  readonly audit: AuditRepeats;
  readonly names: KnownNames;
  readonly log: Log;
}

/** Most nodes of one request about which owners are asked. */
const MOST_QUESTIONS = 16;

/**
 * A thing asks what a caller may read or control [0324 3.3, 3.4]. The answer never holds more than rules allow; what no
 * rule speaks of is no, and a question to its owner that is on the disk before the thing hears the no. Nothing that
 * goes wrong makes an error of it: the thing would keep that for months.
 */
export class DecideAccess<Command extends { readonly jid: string; readonly tokens: Tokens }, Answer> {
  private readonly way: AccessKind<Command, Answer>;
  private readonly parts: DecideAccessParts;

  constructor(way: AccessKind<Command, Answer>, parts: DecideAccessParts) {
    this.way = way;
    this.parts = parts;
  }

  /** Decides from memory where no token has to be challenged and no question arises. */
  run(command: Command, caller: Caller): Answer | Promise<Answer> {
    this.parts.names.note(caller.jid, this.way.kind, this.way.wants(command).names);
    const { service, device, user } = command.tokens;
    if (service.length + device.length + user.length > 0) return this.identified(command, caller);
    return this.decide(command, caller, { jid: command.jid, service: [], device: [], user: [] });
  }

  private async identified(command: Command, caller: Caller): Promise<Answer> {
    try {
      const who = await this.parts.identifier.run(command.jid, command.tokens, caller);
      return await this.decide(command, caller, who);
    } catch (error) {
      return this.failed(command, caller, error);
    }
  }

  private decide(command: Command, caller: Caller, who: Identities): Answer | Promise<Answer> {
    if (this.parts.store.damage !== undefined) return this.way.refusal(command);
    const decision = this.way.decide(caller.jid, command, who);
    const asked = this.question(command, decision.unknown);
    if (asked.length === 0) {
      this.note(command, caller, decision.why);
      return decision.answer;
    }
    return Promise.all(asked).then(
      // The owner may have decided meanwhile: what arrives after clearCache would be kept for months.
      () => this.again(command, caller, who),
      (error: unknown) => this.failed(command, caller, error),
    );
  }

  private again(command: Command, caller: Caller, who: Identities): Answer {
    if (this.parts.store.damage !== undefined) return this.way.refusal(command);
    return this.way.decide(caller.jid, command, who).answer;
  }

  private question(command: Command, unknown: readonly NodeAddress[]): Promise<void>[] {
    const { kind } = this.way;
    const wants = unknown.length === 0 ? undefined : this.way.wants(command);
    return unknown.slice(0, MOST_QUESTIONS).flatMap((thing) => {
      const asked = this.parts.ask.run(kind, thing, command.jid, wants);
      return asked === undefined ? [] : [asked];
    });
  }

  private note(command: Command, caller: Caller, why: string): void {
    this.parts.audit.note(`can-${this.way.kind}`, caller.jid, command.jid, why);
  }

  private failed(command: Command, caller: Caller, error: unknown): Answer {
    const about = { thing: caller.jid, about: command.jid, error: String(error) };
    this.parts.log.error('A request could not be decided; the thing hears no.', about);
    return this.way.refusal(command);
  }
}
