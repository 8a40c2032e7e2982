import type { Caller } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import type { NodeAddress } from '../../domain/node-address.js';
import type { ControlRule, FriendRule, Origin, ReadRule } from '../../domain/owner-commands.js';
import type { Question } from '../../domain/question.js';
import { covers, type RuleKind, type Subject } from '../../domain/rule.js';
import type { QuestionIndex } from '../../storage/indexes/question-index.js';
import type { Decide, DecideQuestion, DecisionScope } from './decide.js';
import { subjectOf } from './decide.js';

/** Finds the identity behind a token, for a rule about whoever brings it. */
export type TokenOwner = (kind: 'service' | 'device' | 'user', token: string) => string | undefined;

/**
 * An owner answers a question in the words of the harmonised dialects. Refuses with item-not-found an unknown key,
 * one of another question, and a question to somebody else.
 */
export class OwnerRules {
  private readonly questions: QuestionIndex;
  private readonly decide: DecideQuestion;
  private readonly tokenOwner: TokenOwner;

  constructor(questions: QuestionIndex, decide: DecideQuestion, tokenOwner: TokenOwner) {
    this.questions = questions;
    this.decide = decide;
    this.tokenOwner = tokenOwner;
  }

  /** An answer about a friendship. */
  async friend(command: FriendRule, caller: Caller): Promise<undefined> {
    const { number } = this.question('friend', command, undefined);
    await this.answer({ number, allow: command.allow, range: command.range }, caller);
    return undefined;
  }

  /** An answer about reading; without a part all of the thing or node is meant. */
  async read(command: ReadRule, caller: Caller): Promise<undefined> {
    const { node, part } = command;
    const question = this.question('read', command, node);
    const { categories = [], fields = [] } = part ?? {};
    const names = fields.length > 0 ? { names: fields } : {};
    const scope = { ...nodesOf(question, node), ...(categories.length > 0 ? { categories } : {}), ...names };
    return this.byOrigin(question, command, scope, caller);
  }

  /** An answer about control; without parameters all of them are meant. */
  async control(command: ControlRule, caller: Caller): Promise<undefined> {
    const { node, parameters = [] } = command;
    const question = this.question('control', command, node);
    const scope = { ...nodesOf(question, node), ...(parameters.length > 0 ? { names: parameters } : {}) };
    return this.byOrigin(question, command, scope, caller);
  }

  private async byOrigin(
    { number }: Question,
    { allow, remote, origin }: ReadRule | ControlRule,
    scope: DecisionScope,
    caller: Caller,
  ): Promise<undefined> {
    const subject = this.subject(origin, remote);
    await this.answer({ number, allow, range: 'jid', subject, scope }, caller);
    return undefined;
  }

  private async answer(command: Decide, caller: Caller): Promise<void> {
    try {
      await this.decide.run(command, caller.jid);
    } catch (error) {
      if (error instanceof HubError && error.code === 'question-not-found')
        throw new HubError('item-not-found', undefined, { cause: error });
      throw error;
    }
  }

  private question(
    kind: RuleKind,
    about: { readonly device: string; readonly remote: string; readonly key: string },
    node: Omit<NodeAddress, 'jid'> | undefined,
  ): Question {
    const question = this.questions.keyed(about.key, about.device, about.remote);
    if (question?.kind !== kind) throw new HubError('item-not-found');
    // A question is about one node at most: an answer about another one would reach further than it.
    if (node !== undefined && question.thing.nodeId !== '' && node.nodeId !== question.thing.nodeId)
      throw new HubError('item-not-found');
    return question;
  }

  private subject(origin: Origin, remote: string): Subject {
    switch (origin.kind) {
      case 'jid':
      case 'domain':
        if (!covers(origin, remote)) throw new HubError('bad-request', 'The answer is about somebody else.');
        return subjectOf(origin.kind, remote);
      case 'all':
        return origin;
      default:
        return this.tokenSubject(origin);
    }
  }

  private tokenSubject(origin: Extract<Origin, { token: string }>): Subject {
    const kind =
      origin.kind === 'service-token' ? 'service' : origin.kind === 'device-token' ? 'device' : 'user';
    const identity = this.tokenOwner(kind, origin.token);
    if (identity === undefined) throw new HubError('item-not-found', 'This hub gave no such token.');
    return { kind, identity };
  }
}

function nodesOf(
  question: Question,
  node: Omit<NodeAddress, 'jid'> | undefined,
): { readonly nodes?: readonly NodeAddress[] } {
  return node === undefined ? {} : { nodes: [{ jid: question.thing.jid, ...node }] };
}
