import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit.js';
import { AccountDirectory } from '../../src/services/accounts/account-directory.js';
import { ChangePassword } from '../../src/services/accounts/change-password.js';
import { CreateAccount, type NewAccount } from '../../src/services/accounts/create-account.js';
import { ListAccounts } from '../../src/services/accounts/list-accounts.js';
import { RedeemSetupCode } from '../../src/services/accounts/redeem-setup-code.js';
import { RemoveAccount } from '../../src/services/accounts/remove-account.js';
import { SetupCode } from '../../src/services/accounts/setup-code.js';
import { RateLimit } from '../../src/services/rate-limit.js';
import { audits } from '../../src/storage/keys.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import type { Transaction } from '../../src/storage/store.js';
import { SystemRandom } from '../../src/system/random.js';
import { accountKeys, scramKeys } from '../../src/xmpp/scram.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';

const ITERATIONS = 4096;

/** A hub's accounts. */
class Desk {
  readonly clock = new ManualClock();
  readonly random = new SystemRandom();
  readonly log = new CollectedLog();
  readonly store = new MemoryStore(this);
  readonly directory = new AccountDirectory(this.log);
  readonly setupCode = new SetupCode(this.clock, this.random);
  readonly belongings = new Set<string>();
  private readonly deriveKeys = (password: string) => accountKeys(password, ITERATIONS, this.random);
  private readonly creation = new CreateAccount(
    this.store,
    this.directory,
    this.deriveKeys,
    this.setupCode,
    new RateLimit(3, this.clock),
    { domain: 'home.local', limit: 5, hubNames: ['hub'], inUse: (name) => this.belongings.has(name) },
    this,
  );
  readonly changePassword = new ChangePassword(this.store, this.deriveKeys, 'home.local', this);
  readonly removeAccount = new RemoveAccount(this.store, 'home.local', this.clock);
  readonly redeem = new RedeemSetupCode(this.store, this.setupCode, 'home.local', this.clock);
  readonly list = new ListAccounts(this.directory);

  async open(): Promise<this> {
    this.store.follow(this.directory);
    await this.store.start();
    return this;
  }

  create(request: Partial<NewAccount>) {
    return this.creation.run({ name: 'lamp', password: 'pencil', role: 'user', from: 'local', ...request });
  }

  async audit(): Promise<AuditEntry[]> {
    const lines: AuditEntry[] = [];
    for await (const [, line] of this.store.scan(audits)) lines.push(line);
    return lines;
  }
}

let desk: Desk;
beforeEach(async () => {
  desk = await new Desk().open();
});

describe('an account', () => {
  it('is made with keys in place of its password, and the audit knows', async () => {
    const { account, password } = await desk.create({ name: 'Lamp', from: '192.0.2.9' });
    expect(password).toBeUndefined();
    expect(account).toMatchObject({ name: 'lamp', role: 'user', createdFrom: '192.0.2.9' });
    const salt = Buffer.from(account.scram['SHA-1'].salt, 'base64');
    expect(account.scram['SHA-1']).toEqual(await scramKeys('SHA-1', 'pencil', salt, ITERATIONS));
    expect(desk.directory.find('lamp')).toEqual(account);
    expect(await desk.audit()).toEqual([
      {
        at: desk.clock.now(),
        what: 'create-account',
        by: 'lamp@home.local',
        about: 'lamp@home.local',
        outcome: 'done, user, from 192.0.2.9',
      },
    ]);
    expect(JSON.stringify([desk.list.run(), desk.log.lines])).not.toMatch(/pencil|storedKey/);
  });

  it('gets a password if none is given', async () => {
    const { account, password = '' } = await desk.create({ password: undefined });
    expect(password).toMatch(/^([a-z2-7]{5}-){3}[a-z2-7]{5}$/);
    const salt = Buffer.from(account.scram['SHA-256'].salt, 'base64');
    expect(account.scram['SHA-256']).toEqual(await scramKeys('SHA-256', password, salt, ITERATIONS));
  });

  it.each<[string, Partial<NewAccount>, string]>([
    ['no name', { name: '' }, 'not-acceptable'],
    ['a name that is no local part', { name: 'a b' }, 'jid-malformed'],
    ['a name with an at sign', { name: 'a@b' }, 'jid-malformed'],
    ['the name of the hub', { name: 'HUB' }, 'conflict'],
    ['an administrative name from the network', { name: 'admin', from: '192.0.2.1' }, 'conflict'],
    ['an empty password', { password: '' }, 'not-acceptable'],
    ['a password with control characters', { password: 'a\u0007b' }, 'not-acceptable'],
    ['a wrong setup code', { setupCode: 'aaaaa-aaaaa' }, 'forbidden'],
  ])('with %s is refused', async (_name, request, code) => {
    await expect(desk.create(request)).rejects.toMatchObject({ code });
    expect(desk.directory.count).toBe(0);
    expect(await desk.audit()).toEqual([]);
  });

  it('of an administrative name is made on the machine itself', async () => {
    expect((await desk.create({ name: 'admin' })).account.name).toBe('admin');
  });

  it('is made once, however many ask at once', async () => {
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => desk.create({})));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(desk.create({ name: 'LAMP' })).rejects.toMatchObject({ code: 'conflict' });
    expect(await desk.audit()).toHaveLength(1);
  });

  it('is not made beyond the limit, however many ask at once', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 9 }, (_, n) => desk.create({ name: `thing${n}` })),
    );
    const refused = all.filter((result) => result.status === 'rejected').map(({ reason }) => reason.code);
    expect(refused).toEqual(Array(4).fill('limit-reached'));
    expect(desk.directory.count).toBe(5);
  });

  it('is made by one address so often per minute, by the machine itself as often as it likes', async () => {
    const from = ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:9::1', '2001:db8::ffff'];
    const all = await Promise.allSettled(
      from.map((address, n) => desk.create({ name: `t${n}`, from: address })),
    );
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
    await desk.create({ name: 'other', from: '2001:db8:0:1::1' });
    await expect(desk.create({ name: 'more', from: '2001:db8::3' })).rejects.toMatchObject({
      code: 'too-many-requests',
    });
  });

  it('of a name that things belong to is not given to a stranger', async () => {
    desk.belongings.add('alice');
    await expect(desk.create({ name: 'alice', from: '192.0.2.1' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(desk.create({ name: 'alice' })).resolves.toBeDefined();
  });

  it('can change its password', async () => {
    const { account } = await desk.create({});
    const { generated, key } = await desk.changePassword.run('lamp', 'crayon', 'lamp@home.local');
    expect(generated).toBeUndefined();
    const changed = desk.directory.find('lamp');
    expect(changed?.scram['SHA-256'].storedKey).toBe(key);
    expect(changed?.scram['SHA-256'].storedKey).not.toBe(account.scram['SHA-256'].storedKey);
    expect(changed?.scram['SHA-256'].salt).not.toBe(account.scram['SHA-256'].salt);
    const other = await desk.changePassword.run('lamp', undefined, 'local');
    expect(other.generated).toMatch(/^[a-z2-7-]{23}$/);
    await expect(desk.changePassword.run('none', 'x', 'local')).rejects.toMatchObject({
      code: 'account-not-found',
    });
    expect((await desk.audit()).map(({ what, by }) => [what, by])).toEqual([
      ['create-account', 'local'],
      ['change-password', 'lamp@home.local'],
      ['change-password', 'local'],
    ]);
  });

  it('is on its way out until the disk says that it is gone, also where it is removed twice', async () => {
    await desk.create({});
    const disk = new Promise<void>((resolve) => setTimeout(resolve, 20));
    const slow = Object.create(desk.store, {
      transact: {
        value: async <T>(fn: (transaction: Transaction) => Promise<T>) => {
          const result = await desk.store.transact(fn);
          await disk;
          return result;
        },
      },
    });
    const removal = new RemoveAccount(slow, 'home.local', desk.clock);
    const first = removal.run('lamp', 'local');
    await expect(removal.run('lamp', 'local')).rejects.toMatchObject({ code: 'account-not-found' });
    expect(removal.removes('lamp')).toBe(true);
    await first;
    expect(removal.removes('lamp')).toBe(false);
  });

  it('can be removed, and made again', async () => {
    await desk.create({});
    await desk.removeAccount.run('lamp', 'local');
    expect(desk.list.run()).toEqual([]);
    await expect(desk.removeAccount.run('lamp', 'local')).rejects.toMatchObject({
      code: 'account-not-found',
    });
    await desk.create({ role: 'owner' });
    expect(desk.directory.ownerNames()).toEqual(['lamp']);
  });
});

describe('abuse 27: open sessions of a revoked account', () => {
  it('hear of it before the change is acknowledged', async () => {
    const heard: string[] = [];
    desk.directory.onRevoked(() => {
      throw new Error('a listener that fails');
    });
    const end = desk.directory.onRevoked((name, reason) => heard.push(`${name} ${reason}`));
    await desk.create({});
    expect(heard).toEqual([]);
    await desk.changePassword.run('lamp', 'crayon', 'local');
    expect(heard).toEqual(['lamp password']);
    await desk.removeAccount.run('lamp', 'local');
    expect(heard).toEqual(['lamp password', 'lamp removed']);
    end();
    await desk.create({});
    await desk.removeAccount.run('lamp', 'local');
    expect(heard).toHaveLength(2);
  });

  it('hear nothing of a new role', async () => {
    const heard: string[] = [];
    await desk.create({});
    desk.directory.onRevoked((name) => heard.push(name));
    await desk.redeem.run('lamp', desk.setupCode.issue().code);
    expect(desk.directory.ownerNames()).toEqual(['lamp']);
    expect(heard).toEqual([]);
  });
});

describe('the setup code', () => {
  it('makes one owner, once, as it is typed', async () => {
    const { code, expiresAt } = desk.setupCode.issue();
    expect(code).toMatch(/^[a-z2-7]{5}-[a-z2-7]{5}$/);
    expect(expiresAt - desk.clock.now()).toBe(900_000);
    const typed = ` ${code.toUpperCase().replace('-', ' ')} `;
    const from = '192.0.2.1';
    const { account } = await desk.create({ name: 'admin', from, setupCode: typed });
    expect(account.role).toBe('owner');
    await expect(desk.create({ name: 'eve', from, setupCode: code })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('makes one owner of those who use it at once', async () => {
    const setupCode = desk.setupCode.issue().code;
    const all = await Promise.allSettled(
      Array.from({ length: 4 }, (_, n) => desk.create({ name: `owner${n}`, setupCode })),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(desk.directory.ownerNames()).toHaveLength(1);
  });

  it('stays good when the account could not be made', async () => {
    const setupCode = desk.setupCode.issue().code;
    await expect(desk.create({ password: '\u0007', setupCode })).rejects.toThrow();
    await expect(desk.redeem.run('nobody', setupCode)).rejects.toMatchObject({ code: 'account-not-found' });
    await desk.create({ setupCode });
    expect(desk.directory.ownerNames()).toEqual(['lamp']);
  });

  it('is void after five wrong tries', () => {
    const { code } = desk.setupCode.issue();
    expect(desk.setupCode.check(code)).toBe(true);
    for (let n = 0; n < 5; n += 1) expect(desk.setupCode.check('aaaaa-aaaaa')).toBe(false);
    expect(desk.setupCode.active).toBe(false);
    expect(desk.setupCode.check(code)).toBe(false);
    expect(desk.setupCode.take(code)).toBeUndefined();
  });

  it('is void after 15 minutes, and once there is a newer one', () => {
    const first = desk.setupCode.issue().code;
    desk.clock.advance(899_999);
    expect(desk.setupCode.check(first)).toBe(true);
    desk.clock.advance(1);
    expect(desk.setupCode.check(first)).toBe(false);
    const second = desk.setupCode.issue().code;
    expect(desk.setupCode.check(first)).toBe(false);
    expect(desk.setupCode.check(second)).toBe(true);
  });

  it('is not there before it is made', () => {
    expect(desk.setupCode.active).toBe(false);
    expect(desk.setupCode.check('')).toBe(false);
  });
});
