import { rowOf } from '../dialects/table.js';
import type { CanControl, CanRead } from '../domain/access.js';
import type { Generation } from '../domain/generation.js';
import type { Element } from '../xmpp/element.js';
import type { Verdict } from './verdict.js';

/** Something that provisioning servers are asked, each in its own dialect. */
export interface Question {
  /** Bare JID of the one it is about. */
  readonly jid: string;
  /** Tokens that leave with it. */
  readonly tokens: readonly string[];
  write(generation: Generation): Element;
  /** Reads the answer. Throws bad-request. */
  read(answer: Element | undefined, generation: Generation): Verdict & { readonly jid: string };
}

const NOTHING = { secondaryTrust: false, categories: [], nodes: [], names: [] } as const;

/** May this bare JID be a friend [0324 3.2]? */
export function friendQuestion(jid: string): Question {
  return {
    jid,
    tokens: [],
    write: (generation) => rowOf('is-friend', generation).writeRequest({ jid }),
    read: (answer, generation) => {
      const { pending: _pending, ...said } = rowOf('is-friend', generation).readAnswer(answer);
      return { ...NOTHING, ...said };
    },
  };
}

/** What may be read [0324 3.3]? */
export function readQuestion(command: CanRead): Question {
  return {
    jid: command.jid,
    tokens: tokensOf(command),
    write: (generation) => rowOf('can-read', generation).writeRequest(command),
    read: (answer, generation) => {
      const { fields, ...said } = rowOf('can-read', generation).readAnswer(answer);
      return { ...NOTHING, ...said, names: fields };
    },
  };
}

/** What may be controlled [0324 3.4]? */
export function controlQuestion(command: CanControl): Question {
  return {
    jid: command.jid,
    tokens: tokensOf(command),
    write: (generation) => rowOf('can-control', generation).writeRequest(command),
    read: (answer, generation) => {
      const { jid, result, nodes, parameters } = rowOf('can-control', generation).readAnswer(answer);
      return { ...NOTHING, jid, result, nodes, names: parameters };
    },
  };
}

function tokensOf({ tokens }: CanRead | CanControl): readonly string[] {
  return [...tokens.service, ...tokens.device, ...tokens.user];
}
