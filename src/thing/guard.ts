import type { Friendship } from './friendship.js';

/**
 * Decides who reads and controls the thing. It names what is wanted, so that a hub which answers canRead and
 * canControl can allow a part; each method resolves with the names that are allowed, none for a refusal.
 */
export interface Guard {
  readable(caller: string, fields: readonly string[]): Promise<readonly string[]>;
  controllable(caller: string, parameters: readonly string[]): Promise<readonly string[]>;
}

/** Friends may read and control everything: for hubs that answer isFriend and no more. */
export class FriendGuard implements Guard {
  private readonly friendship: Friendship;

  constructor(friendship: Friendship) {
    this.friendship = friendship;
  }

  readable(caller: string, fields: readonly string[]): Promise<readonly string[]> {
    return this.allIfFriend(caller, fields);
  }

  controllable(caller: string, parameters: readonly string[]): Promise<readonly string[]> {
    return this.allIfFriend(caller, parameters);
  }

  private async allIfFriend(caller: string, names: readonly string[]): Promise<readonly string[]> {
    return (await this.friendship.mayBeFriend(caller)) ? names : [];
  }
}
