import { printable } from '../../system/printable.js';
import { answering } from '../answering.js';
import { byOwner } from '../request-parts.js';

/** `hearth befriend JID` */
export const run = answering({
  operation: 'befriend',
  request: (invocation) => ({ jid: invocation.required(0), ...byOwner(invocation) }),
  show: ({ jid, hub }) =>
    `${printable(jid)} is asked to be a friend of ${printable(hub)}. If its light flashes now, press its button while it\n` +
    'does, for half a minute on most things: then it trusts this hub. Nobody pressed it? Type the same again.\n' +
    'What it asks then is shown by: hearth audit --follow\n',
});
