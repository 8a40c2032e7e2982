import type { Resource } from './resource.js';

const NONE: readonly Resource[] = [];

/** The resources that are bound now, by account. */
export class ResourceTable {
  private readonly byAccount = new Map<string, Resource[]>();

  /** Adds a resource; its place must be free. */
  add(resource: Resource): void {
    const account = resource.jid.local;
    this.byAccount.set(account, [...this.of(account), resource]);
  }

  /** Takes a resource out. Whether it was there. */
  remove(resource: Resource): boolean {
    const account = resource.jid.local;
    const resources = this.of(account);
    if (!resources.includes(resource)) return false;
    const left = resources.filter((other) => other !== resource);
    if (left.length === 0) this.byAccount.delete(account);
    else this.byAccount.set(account, left);
    return true;
  }

  /** The resources of an account (local part), in the order they were bound; who comes or goes changes another list. */
  of(account: string): readonly Resource[] {
    return this.byAccount.get(account) ?? NONE;
  }

  /** One resource by its parts, as a JID has them. */
  find(account: string, resource: string): Resource | undefined {
    return this.of(account).find((candidate) => candidate.jid.resource === resource);
  }

  /** The resources of an account that sent available presence, best priority first. */
  available(account: string): Resource[] {
    return this.of(account)
      .filter((resource) => resource.presence !== undefined)
      .sort((a, b) => b.priority - a.priority);
  }

  /** The resources of an account that fetched the roster (RFC 6121 §2.1.6: interested). */
  interested(account: string): Resource[] {
    return this.of(account).filter((resource) => resource.interested);
  }

  /** All resources of all accounts. */
  all(): Resource[] {
    return [...this.byAccount.values()].flat();
  }
}
