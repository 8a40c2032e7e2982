import { NS } from '../../xmpp/namespaces.js';
import type { StreamHeader } from '../../xmpp/stream.js';
import { isMachineAddress } from './addresses.js';
import type { C2sContext } from './context.js';

/** The stream error that a client's header deserves (RFC 6120 §4.7 and §4.9), `undefined` if it is welcome. */
export function headerFault(
  header: StreamHeader,
  { options, hosts, network }: Pick<C2sContext, 'options' | 'hosts' | 'network'>,
): string | undefined {
  if (header.ns !== NS.client) return 'invalid-namespace';
  if (!/^[1-9]\d{0,3}\.\d{1,4}$/.test(header.version ?? '')) return 'unsupported-version';
  if (header.to === undefined) return undefined;
  const to = header.to.toLowerCase().replace(/\.$/, '');
  const known = to === options.domain || hosts().some((host) => host.toLowerCase() === to);
  return known || isMachineAddress(to, network.interfaces()) ? undefined : 'host-unknown';
}
