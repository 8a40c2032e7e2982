import { element } from '../xmpp/element.js';
import type { Handler } from '../xmpp/host.js';
import { NS } from '../xmpp/namespaces.js';

/** What each of the hub's hosts answers: ping (XEP-0199) and version (XEP-0092), which names no operating system. */
export function serverHandlers(version: string): Handler[] {
  return [
    { kind: 'iq', types: ['get'], ns: NS.ping, name: 'ping', handle: () => undefined },
    {
      kind: 'iq',
      types: ['get'],
      ns: NS.version,
      name: 'query',
      handle: () =>
        element(
          'query',
          NS.version,
          {},
          element('name', NS.version, {}, 'Hearth'),
          element('version', NS.version, {}, version),
        ),
    },
  ];
}
