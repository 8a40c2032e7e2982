import type { Connection, Listener, Network } from './network.js';

/**
 * Listens on an address of this machine. A machine without IPv6 has no `::`; its every address is 0.0.0.0. Rejects with
 * the system's error.
 */
export async function listenOn(
  network: Network,
  at: { readonly host: string; readonly port: number },
  accept: (connection: Connection) => void,
): Promise<Listener> {
  try {
    return await network.listen(at, accept);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (at.host !== '::' || (code !== 'EAFNOSUPPORT' && code !== 'EADDRNOTAVAIL')) throw error;
    return network.listen({ host: '0.0.0.0', port: at.port }, accept);
  }
}
