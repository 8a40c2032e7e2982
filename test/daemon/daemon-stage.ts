import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdminOperation, AdminOperations } from '../../src/domain/admin.js';
import { SystemNetwork } from '../../src/system/network.js';
import { systemWorld } from '../../src/system/world.js';
import { Actor } from '../exchange/actor.js';
import type { Stage } from '../exchange/stage.js';
import { CollectedLog } from '../world/collected-log.js';
import { Daemon } from './daemon.js';

/** A stage with the real daemon, real sockets, a real disk; it restarts by kill -9. */
export class DaemonStage implements Stage {
  readonly domain: string;
  readonly hub: string;
  private readonly data: string;
  private daemon: Daemon;

  private constructor(data: string, daemon: Daemon) {
    this.data = data;
    this.daemon = daemon;
    this.domain = daemon.ready.domain;
    this.hub = daemon.ready.hub;
  }

  /** Starts a hub in a folder of its own. */
  static async open(): Promise<DaemonStage> {
    const data = await mkdtemp(join(tmpdir(), 'hearth-test-'));
    return new DaemonStage(data, await Daemon.start(data, ['name=pronto']));
  }

  actor(name: string): Actor {
    const connect = () =>
      new SystemNetwork().connect({ host: '127.0.0.1', port: this.daemon.ready.server?.port ?? 0 });
    return new Actor(name, this.domain, connect, systemWorld(new CollectedLog()));
  }

  admin<Name extends AdminOperation>(
    name: Name,
    request: AdminOperations[Name]['request'],
  ): Promise<AdminOperations[Name]['answer']> {
    return this.daemon.admin(name, request);
  }

  async restart(): Promise<void> {
    await this.daemon.kill();
    this.daemon = await Daemon.start(this.data, ['name=pronto']);
  }

  async close(): Promise<void> {
    await this.daemon.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}
