import type { Capabilities } from '../../xmpp/capabilities.js';

/** What the hub's presence tells of its state: ready, without an owner yet, or in safe mode. */
export type PresenceState = 'ready' | 'unowned' | 'safe-mode';

/** What the hub's presence tells. */
export interface PresenceFacts {
  /** Of the endpoint: the same as in the SRV record. */
  readonly port: number;
  readonly state: PresenceState;
  readonly capabilities: Capabilities | undefined;
}

/** How states look in a list of contacts: who is away answers, who is not to be disturbed does nothing for anybody. */
const states: { readonly [State in PresenceState]: readonly [status: string, message: string | undefined] } =
  {
    ready: ['avail', undefined],
    unowned: ['away', 'This hub has no owner yet.'],
    'safe-mode': ['dnd', 'This hub is in safe mode: its owner should look after it.'],
  };

/**
 * The text of the hub's presence [0174 3.1]: nothing about persons. `txtvers` comes first; old clients need it with
 * `port.p2pj` and `status`.
 */
export function presenceText(facts: PresenceFacts): (readonly [key: string, value: string])[] {
  const { port, state, capabilities } = facts;
  const [status, message] = states[state];
  const text: (readonly [string, string])[] = [
    ['txtvers', '1'],
    ['port.p2pj', String(port)],
    ['status', status],
    ['nick', 'Hearth'],
  ];
  if (capabilities !== undefined) {
    const { node, hash, ver } = capabilities;
    text.push(['node', node], ['hash', hash], ['ver', ver]);
  }
  if (message !== undefined) text.push(['msg', message]);
  return text;
}
