import type { NodePart } from '../domain/command.js';
import { hostLabel, machineLabel } from '../system/machine.js';
import type { World } from '../system/world.js';
import { Answers } from './answers.js';
import { LinkMemory } from './link/link-memory.js';
import type { ThingOptions } from './options.js';
import { State } from './state.js';
import { TokenKeeper } from './tokens/token-keeper.js';
import { Trust } from './trust.js';

/** All that a thing keeps in its folder. */
export class Memory {
  readonly state: State;
  readonly trust: Trust;
  readonly answers: Answers;
  readonly tokens: TokenKeeper;
  /** For a thing without an account. */
  readonly link: LinkMemory | undefined;

  constructor(options: ThingOptions, world: World) {
    const { folder, kind, locked = false, certificate, linkLocal = false } = options;
    const { files } = world;
    this.state = new State(folder, world);
    this.trust = new Trust(folder, locked, files);
    this.answers = new Answers(folder, world);
    this.tokens = new TokenKeeper(kind, certificate, { folder, files });
    const machine = hostLabel(options.machine ?? machineLabel());
    this.link = linkLocal ? new LinkMemory(folder, { kind, machine }, world) : undefined;
  }

  /** Reads it, with a secret for each of these nodes. Rejects if the folder cannot be used or a file is damaged. */
  async start(nodes: readonly NodePart[]): Promise<void> {
    await this.state.start(nodes);
    await this.trust.start();
    await this.answers.start();
    await this.tokens.start();
    await this.link?.start();
  }

  /** Resolves once everything is on the disk. Never rejects. */
  async stop(): Promise<void> {
    await this.link?.stop();
    await this.tokens.stop();
    await this.answers.stop();
    await this.trust.stop();
  }

  /** The factory reset: forgets hub, account, owners, trust, answers and tokens. KEYs stay. */
  async forget(): Promise<void> {
    await this.state.forget();
    await this.trust.forget();
    await this.answers.clear();
    await this.tokens.forget();
    await this.link?.forget();
  }
}
