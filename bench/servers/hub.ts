import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { AdminOperation, AdminOperations, Ready } from '../../src/domain/admin.js';
import { CannotRun } from '../bench.js';
import type { Lab } from '../lab.js';
import { Child } from './child.js';

/** How a hub is started. */
export interface HubOptions {
  readonly data: string;
  /** `KEY=VALUE` for `--set`; mDNS is off and ports are free ones, whatever is said here. */
  readonly set?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** A command that becomes the program which its arguments name: in another group of processes, say. */
  readonly under?: readonly string[];
}

/** The daemon as it is built and as its unit starts it, in its own process, on loopback. */
export class Hub {
  private readonly child: Child;
  private readonly told: Ready;

  private constructor(child: Child, ready: Ready) {
    this.child = child;
    this.told = ready;
  }

  /** Starts a hub and waits until it says that it is ready. */
  static async start(lab: Lab, options: HubOptions): Promise<Hub> {
    const child = lab.keep(spawnHub(lab, options));
    const line = await child.line();
    if (!line.startsWith('ready ')) throw new Error(`The hub said "${line}" instead of ready.`);
    return new Hub(child, JSON.parse(line.slice('ready '.length)));
  }

  get pid(): number {
    return this.child.pid;
  }

  get domain(): string {
    return this.told.domain;
  }

  /** The address of registry and provisioning. */
  get address(): string {
    return this.told.hub;
  }

  /** The ports of the embedded server. */
  get ports(): { readonly plain: number; readonly tls: number } {
    const { server } = this.told;
    if (server === null) throw new Error('The embedded server is off.');
    return { plain: server.port, tls: server.tlsPort };
  }

  /** Asks as the machine's administrator. Rejects with the hub's refusal. */
  ask<Name extends AdminOperation>(
    name: Name,
    body: AdminOperations[Name]['request'],
  ): Promise<AdminOperations[Name]['answer']> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const options = { socketPath: this.told.control, path: `/v1/${name}`, method: 'POST', headers };
      const asked = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`The hub refused ${name}: ${text}`));
        });
      });
      asked.on('error', reject);
      asked.end(JSON.stringify(body));
    });
  }

  /** Makes `count` accounts, `PREFIX0` and so on, with one password. */
  async addAccounts(prefix: string, count: number, password: string): Promise<void> {
    const parallel = 4;
    for (let at = 0; at < count; at += parallel) {
      const names = Array.from({ length: Math.min(parallel, count - at) }, (_, i) => `${prefix}${at + i}`);
      await Promise.all(names.map((name) => this.ask('accounts-add', { name, password })));
    }
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

/** Starts a hub's process without waiting for it. Throws CannotRun where it is not built. */
export function spawnHub(lab: Lab, { data, set = [], env = {}, under = [] }: HubOptions): Child {
  const { root, compiled, profile } = lab.options;
  const program = join(compiled, 'dist/hearth.js');
  if (!existsSync(program)) throw new CannotRun('The hub is not built: npm run build');
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const settings = [
    'server.listen=127.0.0.1',
    'server.port=0',
    'server.tlsPort=0',
    'web.port=0',
    'web.tlsPort=0',
    'linkLocal.port=0',
    'log.level=warn',
    ...set,
    'mdns.enabled=false',
  ];
  const sets = settings.flatMap((setting) => ['--set', setting]);
  const [command = process.execPath, ...args] = [...under, process.execPath, ...flags, program];
  return new Child(command, [...args, 'run', '--data', data, ...sets], {
    // Nothing of the person's own configuration comes in.
    NOTIFY_SOCKET: undefined,
    ...unitEnvironment(root),
    ...env,
  });
}

/** What the hub's unit sets in its environment. */
function unitEnvironment(root: string): NodeJS.ProcessEnv {
  const unit = readFileSync(join(root, 'systemd/hearth.service'), 'utf8');
  return Object.fromEntries(
    Array.from(unit.matchAll(/^Environment=(\w+)=(.*)$/gm), ([, name, value]) => [name, value]),
  );
}
