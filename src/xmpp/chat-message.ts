import { type Element, element } from './element.js';
import { NS } from './namespaces.js';

/** Marks what a hub answers by itself, so that two hubs do not talk to each other for ever. */
const ANSWER = { name: 'answer', ns: 'urn:hearth:chat' } as const;

/** What is to be read by many, or is no message at all: nobody waits for an answer (RFC 6121 §5.2.2). */
const UNANSWERED: ReadonlySet<string> = new Set(['error', 'groupchat', 'headline']);

/** Longest thread id that goes back; clients write UUIDs. */
const LONGEST_THREAD = 128;

/**
 * What a person wrote and awaits an answer to; `undefined` for all else: without text, kept for later delivery
 * (XEP-0203), or written by a hub.
 */
export function chatText(message: Element): string | undefined {
  if (UNANSWERED.has(message.attribute('type') ?? '')) return undefined;
  if (message.child('delay', NS.delay) ?? message.child(ANSWER.name, ANSWER.ns)) return undefined;
  return message.child('body')?.text().trim() || undefined;
}

/** The answer, in the same conversation (RFC 6121 §5.2.5): from the address that was addressed, to who wrote. */
export function chatAnswer(message: Element, to: string, text: string): Element {
  const thread = message.child('thread')?.text() ?? '';
  return element(
    'message',
    NS.client,
    { type: 'chat', from: message.attribute('to'), to },
    element('body', NS.client, {}, text),
    thread === '' || thread.length > LONGEST_THREAD ? undefined : element('thread', NS.client, {}, thread),
    element(ANSWER.name, ANSWER.ns),
  );
}
