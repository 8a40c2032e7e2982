import type { Reading, ReadingFailure } from '../../dialects/readout-values.js';
import { readSetResponse, type Setting, writeSet } from '../../dialects/xep0325.js';
import type { Category } from '../../domain/access.js';
import type { NodePart } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import { type NodeAddress, parseAddress } from '../../domain/node-address.js';
import { SessionError } from '../client/session-error.js';
import type { NodeName } from '../options.js';
import type { ThingAddress } from '../registry.js';
import type { Session } from '../session.js';
import { NO_NODE } from '../thing-node.js';
import type { Whereabouts } from '../whereabouts.js';
import type { Behalf, TokenBearer } from './behalf.js';
import type { Reader } from './reader.js';

/** What to read of another thing, and for whom; all of it if nothing is said. */
export interface ReadOptions extends Behalf {
  readonly fields?: readonly string[];
  readonly categories?: readonly Category[];
  /** Several nodes of a concentrator at once. */
  readonly nodes?: readonly NodeName[];
}

/** What another thing said: the values, and what it could not read. */
export interface ReadAnswer {
  readonly readings: readonly Reading[];
  readonly failures: readonly ReadingFailure[];
}

/** A value to set. A whole number is sent as `int`, any other as `double`, unless its type is said [0325 3.1]. */
export type ControlValue =
  | boolean
  | number
  | string
  | { readonly type: string; readonly value: boolean | number | string };

/** For whom others are set, and which nodes. */
export interface ControlOptions extends Behalf {
  readonly nodes?: readonly NodeName[];
}

/** What of a command another thing carried out: the lists are empty where that is all of it [0324 3.4.2, 3.4.3]. */
export interface ControlAnswer {
  readonly nodes: readonly NodePart[];
  readonly parameters: readonly string[];
}

/** What dealing with others needs. */
export interface OthersParts {
  readonly session: Session;
  readonly whereabouts: Whereabouts;
  readonly bearer: TokenBearer;
  readonly reader: Reader;
}

/**
 * Reads and sets other things. Every method rejects with RequestRefused where the other refuses, in an old way with the
 * HubError of the same meaning, with SessionError where it does not answer (`unreachable`) or answers nonsense
 * (`protocol`), and with bad-request or jid-malformed for what nobody need be asked.
 */
export class Others {
  private readonly parts: OthersParts;

  constructor(parts: OthersParts) {
    this.parts = parts;
  }

  /** Reads another thing: at a full JID, or at the bare JID of a friend that is present. */
  async read(address: ThingAddress, options: ReadOptions = {}): Promise<ReadAnswer> {
    const { fields = [], categories = [] } = options;
    const { to, nodes } = this.meant(address, options.nodes);
    return told(to, async () => {
      const tokens = await this.parts.bearer.tokensFor(to, options);
      const { readings, failures } = await this.parts.reader.read(to, { nodes, fields, categories, tokens });
      return { readings, failures };
    });
  }

  /** Sets parameters of another thing, as `read`. */
  async control(
    address: ThingAddress,
    values: Readonly<Record<string, ControlValue>>,
    options: ControlOptions = {},
  ): Promise<ControlAnswer> {
    const settings = Object.entries(values).map(([name, value]) => settingOf(name, value));
    if (settings.length === 0) throw new HubError('bad-request', 'Name a parameter to set.');
    const { to, nodes } = this.meant(address, options.nodes);
    return told(to, async () => {
      const tokens = await this.parts.bearer.tokensFor(to, options);
      const answer = await this.parts.session.ask('set', to, writeSet({ settings, nodes, tokens }));
      if (answer === undefined) throw new HubError('bad-request', 'There is no setResponse.');
      return readSetResponse(answer);
    });
  }

  private meant(address: ThingAddress, named: readonly NodeName[] = []) {
    const { jid: text, ...node }: NodeAddress = typeof address === 'string' ? parseAddress(address) : address;
    const jid = Jid.parse(text);
    const to = jid.resource === '' && jid.local !== '' ? this.parts.whereabouts.of(jid.bare) : jid.full;
    if (to === undefined)
      throw new SessionError(
        'unreachable',
        `${jid.bare} is not here: it is away, or, with an account, no friend yet: befriend(jid) first.`,
      );
    const own = node.nodeId === '' ? [] : [node];
    return { to, nodes: [...own, ...named.map((name) => ({ ...NO_NODE, ...name }))] };
  }
}

function settingOf(name: string, value: ControlValue): Setting {
  if (typeof value === 'object') return { name, type: value.type, text: String(value.value) };
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new HubError('bad-request', 'A number that is set is finite.');
  const number = Number.isInteger(value) ? 'int' : 'double';
  return { name, type: typeof value === 'number' ? number : typeof value, text: String(value) };
}

/** The same errors as everywhere in the library: what nobody answered, and what nobody understands. */
async function told<Answer>(to: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (error.code === 'recipient-unavailable')
      throw new SessionError('unreachable', `${to} does not answer.`, { cause: error });
    if (error.code !== 'bad-request') throw error;
    throw new SessionError('protocol', `${to} answers nonsense: ${error.message}`, { cause: error });
  }
}
