import { deviceAddress, type NodeAddress } from '../../domain/node-address.js';
import { things } from '../keys.js';
import type { PackedTexts } from './packed-texts.js';
import { TextTable } from './text-table.js';

/** Which thing has which row, and which rows belong to an account. */
export class RowAddresses {
  /** The addresses; a row is one less than the number of its address. */
  private readonly keys = new TextTable();
  /** By bare JID, the rows of the nodes behind it, ascending. */
  private readonly nodes = new Map<string, number[]>();

  get count(): number {
    return this.keys.size;
  }

  /** Behind the last row that was ever used. */
  get end(): number {
    return this.keys.end - 1;
  }

  find(address: NodeAddress): number | undefined {
    return this.row(keyOf(address));
  }

  /** The address of a row that is in use. */
  address(row: number): NodeAddress {
    return addressOf(this.keys.text(row + 1) ?? '');
  }

  /** The rows of an account: its own, then those of the nodes behind it. */
  of(jid: string): readonly number[] {
    const own = this.row(jid);
    const nodes = this.nodes.get(jid) ?? [];
    return own === undefined ? nodes : [own, ...nodes];
  }

  countOf(jid: string): number {
    return (this.row(jid) === undefined ? 0 : 1) + (this.nodes.get(jid)?.length ?? 0);
  }

  /** The row of an address, a free one if it has none. */
  take(address: NodeAddress): number {
    const key = keyOf(address);
    const { size } = this.keys;
    const row = this.keys.intern(key) - 1;
    if (this.keys.size > size && isNode(key)) this.addNode(address.jid, row);
    return row;
  }

  drop(row: number): void {
    const key = this.keys.text(row + 1);
    if (key === undefined) return;
    this.keys.drop(row + 1);
    if (!isNode(key)) return;
    const { jid } = addressOf(key);
    const nodes = this.nodes.get(jid) ?? [];
    nodes.splice(placeOf(nodes, row), 1);
    if (nodes.length === 0) this.nodes.delete(jid);
  }

  /** The addresses by their numbers, empty where a row is free. */
  save(): PackedTexts {
    return this.keys.save();
  }

  /** Takes over what `save` gave. Throws where an address comes twice, or a row that is used has none. */
  adopt(keys: PackedTexts, used: (row: number) => boolean): void {
    for (let id = 1; id < keys.sizes.length; id++) {
      if ((keys.sizes[id] !== 0) !== used(id - 1)) throw new Error('a row has no address, or one too many');
    }
    this.keys.adopt(keys, (id) => keys.sizes[id] !== 0);
    // Where no byte is 0, nothing separates parts.
    if (keys.bytes.includes(0)) this.adoptNodes();
  }

  private adoptNodes(): void {
    for (let row = 0; row < this.end; row++) {
      const key = this.keys.text(row + 1) ?? '';
      if (!isNode(key)) continue;
      const address = addressOf(key);
      if (keyOf(address) !== key) throw new Error('an address is malformed');
      this.addNode(address.jid, row);
    }
  }

  private row(key: string): number | undefined {
    const id = this.keys.find(key);
    return id === 0 ? undefined : id - 1;
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
