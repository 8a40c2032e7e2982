// Fills the store of a hub that is stopped with things that are registered and claimed, as if every notice had been
// acknowledged: for each its record, its claim and its two lines of the audit, through the store as the services write
// them, many things in one transaction. Its arguments are the data folder, how many things, and how many more that
// nobody claimed. Prints a line for each tenth, and `done`.
import { join } from 'node:path';
import type { AuditEntry } from '../../src/domain/audit.js';
import { deviceAddress } from '../../src/domain/node-address.js';
import { audits, claims, counters, things } from '../../src/storage/keys.js';
import { LevelStore } from '../../src/storage/level-store.js';
import type { Transaction } from '../../src/storage/store.js';
import { SystemClock } from '../../src/system/clock.js';
import { standardErrorLog } from '../../src/system/log-writer.js';
import { systemWorld } from '../../src/system/world.js';
import { claimedThing, isPublic, jidOf, ownerOf, REGISTERED_AT, unclaimedThing } from '../registry/lamp.js';

/** Things in one transaction. */
const TOGETHER = 64;

/** Transactions that wait for the disk at the same time. */
const AHEAD = 16;

const [data = '', claimedText = '', unclaimedText = '0'] = process.argv.slice(2);
const claimed = Number(claimedText);
const count = claimed + Number(unclaimedText);
let audited = 0;

function putThing(transaction: Transaction, i: number): void {
  const address = deviceAddress(jidOf(i));
  const owned = i < claimed;
  const thing = owned ? claimedThing(i) : unclaimedThing(i);
  transaction.put(things, address, thing);
  transaction.put(claims, { hash: thing.claimHash, owner: thing.owner ?? '', thing: address }, true);
  const { jid } = address;
  audit(transaction, { at: REGISTERED_AT, what: 'register', by: jid, thing: jid, outcome: 'done' });
  const outcome = isPublic(i) ? 'done, public' : 'done, private';
  if (owned) audit(transaction, { at: REGISTERED_AT, what: 'claim', by: ownerOf(i), thing: jid, outcome });
}

function audit(transaction: Transaction, entry: AuditEntry): void {
  audited++;
  transaction.put(audits, audited, entry);
  transaction.put(counters, 'audit', audited);
}

const log = standardErrorLog('warn', process.env, new SystemClock());
const store = new LevelStore({ folder: join(data, 'store') }, systemWorld(log));
await store.start();
const running = new Set<Promise<void>>();
let told = 0;
for (let at = 0; at < count; at += TOGETHER) {
  const end = Math.min(at + TOGETHER, count);
  const written = store.transact((transaction) => {
    for (let i = at; i < end; i++) putThing(transaction, i);
  });
  const kept = written.finally(() => running.delete(kept));
  running.add(kept);
  if (running.size >= AHEAD) await Promise.race(running);
  if (end >= (told + 0.1) * count) {
    told += 0.1;
    console.log(`${Math.round(told * 100)} %`);
  }
}
await Promise.all(running);
await store.transact((transaction) => transaction.put(counters, 'notice', 2 * claimed));
await store.stop();
console.log('done');
