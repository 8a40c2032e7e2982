import type { Friendship } from './friendship.js';
import type { NodeSet } from './node-set.js';
import type { ThingNode } from './thing-node.js';

/**
 * Decides who reads and controls the thing, or a node behind it. It names what is wanted, so that a hub which answers
 * canRead and canControl can allow a part; each method resolves with the names that are allowed, none for a refusal.
 */
export interface Guard {
  readable(caller: string, node: ThingNode, fields: readonly string[]): Promise<readonly string[]>;
  controllable(caller: string, node: ThingNode, parameters: readonly string[]): Promise<readonly string[]>;
}

/**
 * Friends may read and control everything: for hubs that answer isFriend and no more. They answer for the account, so
 * behind a concentrator a friend is one of a node's owner only where that owner has all nodes; else a node is its
 * owner's alone.
 */
export class FriendGuard implements Guard {
  private readonly friendship: Friendship;
  private readonly nodes: NodeSet;

  constructor(friendship: Friendship, nodes: NodeSet) {
    this.friendship = friendship;
    this.nodes = nodes;
  }

  readable(caller: string, node: ThingNode, fields: readonly string[]): Promise<readonly string[]> {
    return this.allIfFriend(caller, node, fields);
  }

  controllable(caller: string, node: ThingNode, parameters: readonly string[]): Promise<readonly string[]> {
    return this.allIfFriend(caller, node, parameters);
  }

  private async allIfFriend(
    caller: string,
    node: ThingNode,
    names: readonly string[],
  ): Promise<readonly string[]> {
    if (this.nodes.isConcentrator && node.owner !== caller && !this.hasOneOwner()) return [];
    return (await this.friendship.mayBeFriend(caller)) ? names : [];
  }

  /** Whether all nodes belong to the same owner, if only to the concentrator itself. */
  private hasOneOwner(): boolean {
    const [first, ...others] = this.nodes.all;
    return first?.isOwned === true && others.every((node) => node.isOwned && node.owner === first.owner);
  }
}
