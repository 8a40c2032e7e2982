import { deviceAddress, type NodeAddress } from '../../domain/node-address.js';
import { things } from '../keys.js';

/** Which thing has which row, and which rows belong to an account. */
export class RowAddresses {
  private readonly keys: (string | undefined)[] = [];
  private readonly rows = new Map<string, number>();
  /** By bare JID, the rows of the nodes behind it, ascending. */
  private readonly nodes = new Map<string, number[]>();
  private readonly free: number[] = [];

  get count(): number {
    return this.rows.size;
  }

  /** Behind the last row that was ever used. */
  get end(): number {
    return this.keys.length;
  }

  find(address: NodeAddress): number | undefined {
    return this.rows.get(keyOf(address));
  }

  /** The address of a row that is in use. */
  address(row: number): NodeAddress {
    return addressOf(this.keys[row] ?? '');
  }

  /** The rows of an account: its own, then those of the nodes behind it. */
  of(jid: string): readonly number[] {
    const own = this.rows.get(jid);
    const nodes = this.nodes.get(jid) ?? [];
    return own === undefined ? nodes : [own, ...nodes];
  }

  countOf(jid: string): number {
    return (this.rows.has(jid) ? 1 : 0) + (this.nodes.get(jid)?.length ?? 0);
  }

  /** The row of an address, a free one if it has none. */
  take(address: NodeAddress): number {
    const key = keyOf(address);
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const row = this.free.pop() ?? this.keys.length;
    this.keys[row] = key;
    this.rows.set(key, row);
    if (isNode(key)) this.addNode(address.jid, row);
    return row;
  }

  drop(row: number): void {
    const key = this.keys[row];
    if (key === undefined) return;
    this.keys[row] = undefined;
    this.rows.delete(key);
    this.free.push(row);
    if (!isNode(key)) return;
    const { jid } = addressOf(key);
    const nodes = this.nodes.get(jid) ?? [];
    nodes.splice(placeOf(nodes, row), 1);
    if (nodes.length === 0) this.nodes.delete(jid);
  }

  /** The keys by row, empty where a row is free. */
  save(): string[] {
    return Array.from(this.keys, (key) => key ?? '');
  }

  /** Takes over what `save` gave. Throws where an address comes twice, or a row that is used has none. */
  adopt(keys: readonly string[], used: (row: number) => boolean): void {
    for (let row = 0; row < keys.length; row++) {
      const key = keys[row] ?? '';
      if ((key !== '') !== used(row)) throw new Error('a row has no address, or one too many');
      this.keys[row] = key === '' ? undefined : key;
      if (key === '') {
        this.free.push(row);
        continue;
      }
      const before = this.rows.size;
      if (this.rows.set(key, row).size === before) throw new Error('an address comes twice');
      if (!isNode(key)) continue;
      const address = addressOf(key);
      if (keyOf(address) !== key) throw new Error('an address is malformed');
      this.addNode(address.jid, row);
    }
  }

  private addNode(jid: string, row: number): void {
    const nodes = this.nodes.get(jid);
    if (nodes === undefined) this.nodes.set(jid, [row]);
    else nodes.splice(placeOf(nodes, row), 0, row);
  }
}

/** A bare JID for a device, for most are; the store's key for a node. */
function keyOf(address: NodeAddress): string {
  const { jid, nodeId, sourceId, cacheType } = address;
  return nodeId === '' && sourceId === '' && cacheType === '' && !isNode(jid) ? jid : things.encode(address);
}

function addressOf(key: string): NodeAddress {
  return isNode(key) ? things.decode(key) : deviceAddress(key);
}

/** Only the store's keys have a separator. */
function isNode(key: string): boolean {
  return key.includes('\u0000');
}

function placeOf(rows: readonly number[], row: number): number {
  let low = 0;
  let high = rows.length;
  if (high > 0 && (rows[high - 1] ?? 0) < row) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
