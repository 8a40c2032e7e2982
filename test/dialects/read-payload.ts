import { rows } from '../../src/dialects/table.js';
import type { OperationName, Operations } from '../../src/domain/command.js';
import { HubError } from '../../src/domain/errors.js';
import type { Element } from '../../src/xmpp/element.js';
import { readStanzas } from '../golden/stanzas.js';

/** The element that a text is. */
export function xml(text: string): Element {
  const [element] = readStanzas(text);
  if (element === undefined) throw new Error(`no element: ${text}`);
  return element;
}

/** Reads a request by the row that takes it. */
export function readRequest<Name extends OperationName>(
  name: Name,
  text: string,
): Operations[Name]['command'] {
  const payload = xml(text);
  const row = rows.find(
    (candidate) =>
      candidate.operation === name && candidate.ns === payload.ns && candidate.name === payload.name,
  );
  if (row === undefined) throw new Error(`no row reads ${text}`);
  return row.readRequest(payload) as Operations[Name]['command'];
}

/** The code with which something is refused; `undefined` where it is not. */
export function refusal(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof HubError) return error.code;
    throw error;
  }
}
