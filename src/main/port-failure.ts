import { StartFailure } from '../domain/start-failure.js';

/** Why the server could not take its ports, in words that say what to do; other errors as they are. */
export function portFailure(error: unknown): unknown {
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  const where = `port ${port ?? ''} of ${address ?? 'this machine'}`;
  if (code === 'EADDRINUSE') {
    return new StartFailure(
      'in-use',
      `Another program has ${where}. If it is an XMPP server that you do not need, stop it; ` +
        'or give the hub other ports: --set server.port=0 --set server.tlsPort=0',
      { cause: error },
    );
  }
  if (code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return error;
  return new StartFailure(
    'in-use',
    `The hub may not listen on ${where} (${code}). Choose another in server.listen.`,
    {
      cause: error,
    },
  );
}
