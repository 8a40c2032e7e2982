import type { Assurance, Caller, HubOperation, OperationName, Operations } from '../domain/command.js';
import type { Dialect } from '../domain/generation.js';
import type { Jid } from '../domain/jid.js';
import type { Element } from '../xmpp/element.js';
import type { Row } from './row.js';

/** An operation of the hub: answers at once where memory is enough, else when the answer is on the disk. */
export type Service<Name extends OperationName> = (
  command: Operations[Name]['command'],
  caller: Caller,
) => Operations[Name]['answer'] | Promise<Operations[Name]['answer']>;

/** One service for each operation that the hub serves. */
export type Services = { readonly [Name in HubOperation]: Service<Name> };

/** What a row needs to know of where its stanza came from. */
interface Origin {
  readonly to: Jid;
  readonly peer: {
    readonly jid: Jid;
    readonly assurance: Assurance;
    readonly certificate?: string | undefined;
  };
}

/** A row joined to its service: reads the command, runs it, writes the answer. */
export interface BoundRow {
  readonly operation: HubOperation;
  readonly generation: Dialect;
  readonly kind: 'iq' | 'message';
  readonly types: readonly string[];
  readonly ns: string;
  readonly name: string;
  /** Whether its namespace stands among the features of service discovery. */
  readonly listed: boolean;
  handle(payload: Element, origin: Origin): Element | undefined | Promise<Element | undefined>;
}

/** Joins each row that the hub serves to its service. */
export function bindRows(rows: readonly Row<OperationName>[], services: Services): BoundRow[] {
  return rows
    .filter((row) => row.operation in services)
    .map((row) => bindRow(row, row.operation as HubOperation, services));
}

function bindRow(row: Row<OperationName>, operation: HubOperation, services: Services): BoundRow {
  const run = services[operation] as Service<OperationName>;
  const { generation, kind, types, ns, name } = row;
  return {
    operation,
    generation,
    kind,
    types,
    ns,
    name,
    listed: row.unlisted === undefined,
    handle: (payload, { to, peer }) => {
      const { bare: jid } = peer.jid;
      const { assurance, certificate } = peer;
      const caller = { jid, assurance, certificate, hub: to.bare, dialect: generation };
      const answer = run(row.readRequest(payload), caller);
      return answer instanceof Promise
        ? answer.then((value) => row.writeAnswer(value))
        : row.writeAnswer(answer);
    },
  };
}
