import type { Ready } from '../domain/admin.js';

/** What a person at a terminal reads when the hub is ready; `program` as in the shell. */
export function welcome(ready: Ready, program?: string): string {
  const { domain, hub, server } = ready;
  const reached =
    server === null
      ? 'Its XMPP server is off.'
      : `XMPP:      ${server.host} port ${server.port} (TLS from the first byte: port ${server.tlsPort})`;
  return `
Hearth ${ready.version} is ready: the home hub for ${domain}.
${reached}
Registry:  ${hub}
Stop it with Ctrl-C.

In another terminal${program === undefined ? '' : ` of the same folder, after: alias hearth="${program}"`}
  hearth accounts add NAME --owner    makes your account
  hearth thing lamp                   simulates a lamp, and prints its claim code
  hearth claim CODE                   makes it yours
  hearth status                       tells how the hub is
`;
}
