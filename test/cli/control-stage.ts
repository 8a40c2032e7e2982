import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { main } from '../../src/cli/main-program.js';
import { SystemFiles } from '../../src/system/files.js';
import { SystemNetwork } from '../../src/system/network.js';
import { ControlServer } from '../../src/web/control-server.js';
import { CollectedLog } from '../world/collected-log.js';
import { FixedAdmin } from './fixed-admin.js';
import { TypedShell } from './typed-shell.js';

/** A hub behind its control socket, and a shell that types commands to it. */
export class ControlStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'hearth-cli-'));
  readonly admin = new FixedAdmin();
  private readonly log = new CollectedLog();
  private readonly server = new ControlServer(join(this.folder, 'control.sock'), this.admin, {
    network: new SystemNetwork(),
    files: new SystemFiles(),
    log: this.log,
  });

  start(): Promise<void> {
    return this.server.start();
  }

  /** Ends the hub, which must have had nothing to complain about. */
  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true });
    expect(this.log.lines).toEqual([]);
  }

  /** Runs a command, one argument for each word. */
  async run(...words: string[]) {
    const shell = new TypedShell();
    const code = await main([...words, '--data', this.folder], shell);
    return { code, output: shell.output, errors: shell.errors, bytes: Buffer.concat(shell.bytes) };
  }

  /** Runs a command with `--json`. */
  async json(...words: string[]): Promise<unknown> {
    return JSON.parse((await this.run(...words, '--json')).output);
  }
}
