import http from 'node:http';
import type { AdminOperation } from '../domain/admin.js';
import { errorRow, HubError } from '../domain/errors.js';
import { StartFailure } from '../domain/start-failure.js';
import type { Listener } from '../system/network.js';
import type { World } from '../system/world.js';
import type { Admin } from './admin.js';
import { Arguments } from './arguments.js';
import { followAudit } from './audit-stream.js';
import { commands } from './commands.js';
import { perform } from './perform.js';
import { readBody } from './read-body.js';

/**
 * The door for the machine's administrator: HTTP over a Unix socket that only the hub's own user can open. A command
 * is `POST /v1/NAME` with a JSON object; a refusal is `{"error":{"code","text"}}` with the status of the table of
 * errors. `POST /v1/audit-follow` never ends: one JSON object a line.
 */
export class ControlServer {
  private readonly path: string;
  private readonly admin: Admin;
  private readonly world: Pick<World, 'network' | 'files' | 'log'>;
  private readonly open = new Set<{ destroy(): unknown }>();
  private listener: Listener | undefined;

  constructor(path: string, admin: Admin, world: Pick<World, 'network' | 'files' | 'log'>) {
    this.path = path;
    this.admin = admin;
    this.world = world;
  }

  /** Takes the socket, also from a hub that died. Throws StartFailure `in-use` where one lives. */
  async start(): Promise<void> {
    await this.clearStale();
    const server = http.createServer(
      { maxHeaderSize: 8192 },
      (request, response) => void this.serve(request, response),
    );
    this.listener = await this.world.network.listen({ path: this.path }, (connection) => {
      this.open.add(connection);
      connection.once('close', () => this.open.delete(connection));
      // The HTTP parser takes any byte stream, so the socket can come from the world.
      server.emit('connection', connection);
    });
  }

  /** Ends all requests and removes the socket. */
  async stop(): Promise<void> {
    const listener = this.listener;
    if (listener === undefined) return;
    this.listener = undefined;
    const closed = listener.close();
    for (const connection of this.open) connection.destroy();
    await closed;
    await this.world.files.remove(this.path).catch((error: unknown) => {
      this.world.log.warn('The control socket could not be removed.', { error: String(error) });
    });
  }

  private async clearStale(): Promise<void> {
    const { network, files } = this.world;
    try {
      const connection = await network.connect({ path: this.path });
      connection.destroy();
    } catch {
      // Nobody answers: there is no socket, or it was left by a hub that was killed.
      await files.remove(this.path);
      return;
    }
    throw new StartFailure(
      'in-use',
      `Another hub already runs with this data folder (${this.path} answers).`,
    );
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      const name = commandName(request);
      const body = new Arguments(await readBody(request));
      if (name === 'audit-follow') {
        const lines = body.whole('limit', 0, 0);
        body.end();
        followAudit(this.admin.audit, lines, response);
      } else reply(response, 200, await perform(this.admin, name, body));
    } catch (error) {
      if (response.destroyed) return;
      if (!(error instanceof HubError)) {
        this.world.log.error('A command of the administrator failed.', {
          command: request.url,
          error: describe(error),
        });
      }
      const code = error instanceof HubError ? error.code : 'internal-server-error';
      const { http: status, text } = errorRow(error);
      reply(response, status, { error: { code, text: error instanceof HubError ? error.message : text } });
    }
  }
}

function commandName({ method, url = '' }: http.IncomingMessage): AdminOperation | 'audit-follow' {
  const name = url.startsWith('/v1/') ? url.slice(4) : '';
  if (name !== 'audit-follow' && !isCommand(name))
    throw new HubError('service-unavailable', `There is no command "${name}".`);
  if (method !== 'POST') throw new HubError('not-allowed', 'Commands are sent by POST.');
  return name;
}

function isCommand(name: string): name is AdminOperation {
  return Object.hasOwn(commands, name);
}

function reply(response: http.ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
