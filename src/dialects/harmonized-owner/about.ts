import type { FriendQuestion } from '../../domain/owner-commands.js';
import type { Element } from '../../xmpp/element.js';
import { filled, jidAttribute } from '../read.js';

/** Longest key of a question, in characters. */
const MAX_KEY = 256;

/** What is the same in every question and answer: the device, who asked it, and the question's key. */
export function readAbout(payload: Element): FriendQuestion {
  return {
    device: jidAttribute(payload, 'jid'),
    remote: jidAttribute(payload, 'remoteJid'),
    key: filled(payload, 'key', MAX_KEY),
  };
}

/** The same as attributes. */
export function writeAbout({ device, remote, key }: FriendQuestion): Record<string, string> {
  return { jid: device, remoteJid: remote, key };
}
