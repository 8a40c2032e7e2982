import type { Connection } from '../system/network.js';
import { LiveStream } from './live-stream.js';
import type { StreamOptions, XmppStream } from './stream.js';

/** Runs a stream over a connection that is open. From the next turn of the event loop on the handler is called. */
export function openStream(connection: Connection, options: StreamOptions): XmppStream {
  const stream = new LiveStream(connection, options);
  stream.start();
  return stream;
}
