import { deviceAddress } from '../../src/domain/node-address.js';
import type { Thing } from '../../src/domain/thing.js';
import { ThingIndex } from '../../src/storage/indexes/thing-index.js';
import { claimedThing, jidOf } from './lamp.js';
import type { Query, Row, Side } from './side.js';

/** The hub's own index in memory. */
export class HubSide implements Side {
  readonly name = 'hub';
  private readonly index = new ThingIndex();

  async fill(count: number): Promise<void> {
    for (let i = 0; i < count; i++) this.put(i, claimedThing(i));
  }

  /** What the store tells the index after a commit. */
  put(i: number, thing: Thing): void {
    this.index.changed(deviceAddress(jidOf(i)), thing);
  }

  find({ operators, offset, maxCount }: Query): readonly Row[] {
    const { things } = this.index.find(operators, offset, maxCount);
    return things.map(({ jid, owner = '', tags }) => ({ jid, owner, tags }));
  }

  async close(): Promise<void> {}
}
