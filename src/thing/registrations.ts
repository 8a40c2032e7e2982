import type { NodePart } from '../domain/command.js';
import type { NodeSet } from './node-set.js';
import { Registration, type RegistrationParts } from './registration.js';
import type { ThingNode } from './thing-node.js';

/** The registrations of one session: of the thing, or of each node behind it. */
export class Registrations {
  private readonly nodes: NodeSet;
  private readonly all: ReadonlyMap<ThingNode, Registration>;

  constructor(nodes: NodeSet, parts: RegistrationParts) {
    this.nodes = nodes;
    this.all = new Map(nodes.all.map((node) => [node, new Registration(node, parts)]));
  }

  /**
   * Registers, one after the other. Rejects if the registry takes none; nodes that it refuses beside others try again
   * later.
   */
  async start(): Promise<void> {
    const failures: { readonly registration: Registration; readonly error: unknown }[] = [];
    const wanted = [...this.all].filter(([node]) => !node.left);
    for (const [, registration] of wanted) {
      try {
        await registration.register();
      } catch (error) {
        failures.push({ registration, error });
      }
    }
    const [first] = failures;
    if (first !== undefined && failures.length === wanted.length) throw first.error;
    for (const { registration, error } of failures) registration.failed(error);
  }

  /** The registration of a node. */
  of(node: ThingNode): Registration | undefined {
    return this.all.get(node);
  }

  /** The registration at an address, `undefined` if there is no such node. */
  at(address: NodePart): Registration | undefined {
    const node = this.nodes.at(address);
    return node && this.all.get(node);
  }

  stop(): void {
    for (const registration of this.all.values()) registration.stop();
  }
}
