import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { loadConfig } from '../config/load.js';
import type { AdminOperation, AdminOperations, AuditReport } from '../domain/admin.js';
import { SystemFiles } from '../system/files.js';
import { systemMachine } from '../system/machine.js';
import { type Connection, SystemNetwork } from '../system/network.js';
import type { Invocation } from './invocation.js';
import type { AskedHub, Shell } from './shell.js';

/** No hub answers; exit code 69. The message says where was looked and what to do. */
export class NotRunningError extends Error {}

/** The hub said no. `code` is of the table of errors. */
export class RefusedError extends Error {
  readonly code: string;

  constructor(code: string, text: string) {
    super(text);
    this.name = 'RefusedError';
    this.code = code;
  }
}

/** The running hub, by its control socket. */
export class HubClient {
  private readonly paths: readonly string[];

  /** `paths` are the sockets to try, the most likely first. */
  constructor(paths: readonly string[]) {
    this.paths = paths;
  }

  /** Asks the hub. Throws NotRunningError and RefusedError. */
  async ask<Name extends AdminOperation>(
    name: Name,
    request: AdminOperations[Name]['request'],
  ): Promise<AdminOperations[Name]['answer']> {
    const response = await this.post(name, request);
    const answer = JSON.parse(await textOf(response));
    if (response.statusCode !== 200) throw new RefusedError(answer.error.code, answer.error.text);
    return answer;
  }

  /** The last `lines` lines of the audit and then each as it is written, until `signal`. */
  async *followAudit(lines: number, signal: AbortSignal): AsyncIterable<AuditReport> {
    const response = await this.post('audit-follow', { limit: lines });
    signal.addEventListener('abort', () => response.destroy());
    let rest = '';
    try {
      for await (const chunk of response.setEncoding('utf8')) {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) yield JSON.parse(line);
      }
    } catch (error) {
      if (!signal.aborted) throw new NotRunningError('The hub has ended.', { cause: error });
    }
  }

  private async post(name: string, body: unknown): Promise<IncomingMessage> {
    const connection = await this.connect();
    const { request } = await import('node:http');
    return new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers = {
        host: 'hub',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      };
      const asked = request(
        { method: 'POST', path: `/v1/${name}`, headers, createConnection: () => connection },
        resolve,
      );
      asked.on('error', (cause) =>
        reject(new NotRunningError('The hub ended before it answered.', { cause })),
      );
      asked.end(text);
    });
  }

  private async connect(): Promise<Connection> {
    const network = new SystemNetwork();
    for (const path of this.paths) {
      try {
        return await network.connect({ path });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EACCES' || code === 'EPERM') {
          throw new NotRunningError(`The hub belongs to another user (${path}). Try it with sudo.`, {
            cause: error,
          });
        }
      }
    }
    throw new NotRunningError(
      `The hub is not running: nothing answers at ${this.paths.join(' or ')}. Start it with: hearth run`,
    );
  }
}

/** The hub that a command asks: the one around the shell, else by its control socket. */
export async function hubClient(invocation: Invocation, shell: Shell): Promise<AskedHub> {
  return shell.hub ?? socketClient(invocation, shell);
}

/** Finds the hub by `--socket`, `--data` or the configuration; otherwise where a hub of this machine usually lies. */
export async function socketClient(invocation: Invocation, shell: Shell): Promise<HubClient> {
  const socket = invocation.value('socket');
  if (socket !== undefined) return new HubClient([socket]);
  const named = invocation.value('data');
  const set = named === undefined ? [] : [`data=${named}`];
  const machine = systemMachine(shell.env);
  const { data } = await loadConfig({ env: shell.env, set }, machine, new SystemFiles());
  const folders = data === machine.dataFolder && named === undefined ? [data, '/var/lib/hearth'] : [data];
  return new HubClient([...new Set(folders)].map((folder) => join(folder, 'control.sock')));
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return text;
}
