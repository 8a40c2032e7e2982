import type { OperationName, Operations } from '../domain/command.js';
import type { Dialect } from '../domain/generation.js';
import type { Element } from '../xmpp/element.js';

/**
 * One operation on the wire of one namespace: how its request and its answer are written and read, in both
 * directions, so that hub, thing library and golden tests share one table. Readers refuse with bad-request and never
 * coerce. XML goes no deeper than this.
 */
export interface Row<Name extends OperationName = OperationName> {
  readonly operation: Name;
  readonly generation: Dialect;
  /** The stanza that carries it. */
  readonly kind: 'iq' | 'message';
  /** Types of iq accepted; the first is the one sent. Empty for messages. */
  readonly types: readonly ('get' | 'set')[];
  readonly ns: string;
  /** Local name of the request's payload. */
  readonly name: string;
  /** Not among the features of service discovery, where the namespace is none that a client would look for. */
  readonly unlisted?: true;
  readRequest(payload: Element): Operations[Name]['command'];
  writeRequest(command: Operations[Name]['command']): Element;
  /** `payload` is the answer's only child element, `undefined` for an empty answer. */
  readAnswer(payload: Element | undefined): Operations[Name]['answer'];
  writeAnswer(answer: Operations[Name]['answer']): Element | undefined;
}
