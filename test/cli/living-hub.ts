import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { main } from '../../src/cli/main-program.js';
import { loadConfig } from '../../src/config/load.js';
import { createHub, type Hub } from '../../src/main.js';
import { MemoryBackend } from '../../src/storage/memory-backend.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { type Connection, type Endpoint, type Listener, SystemNetwork } from '../../src/system/network.js';
import { SystemRandom } from '../../src/system/random.js';
import type { Element } from '../../src/xmpp/element.js';
import { Actor } from '../exchange/actor.js';
import { bareMachine } from '../world/bare-machine.js';
import type { TestCertificate } from '../world/certificates.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';
import { TypedShell } from './typed-shell.js';

const PORT = 5222;
const DISCO = 'urn:nf:iot:disco:1.0';
export const DEVICE = 'urn:nf:iot:prov:d:1.0';
const XEP = 'urn:xmpp:iot:provisioning';

export const HUB = 'hub.pronto.local';

/** Streams in memory; Unix sockets as the machine has them, for the commands. */
class HalfMemoryNetwork extends MemoryNetwork {
  private readonly machine = new SystemNetwork();

  override listen(at: Endpoint, accept: (connection: Connection) => void): Promise<Listener> {
    return 'path' in at ? this.machine.listen(at, accept) : super.listen(at, accept);
  }

  override connect(to: Endpoint): Promise<Connection> {
    return 'path' in to ? this.machine.connect(to) : super.connect(to);
  }
}

/** The whole hub with its owner anna, things and others that speak to it, and a shell in which its commands are typed. */
export class LivingHub {
  readonly clock = new ManualClock(new TypedShell().now());
  readonly log = new CollectedLog();
  private readonly folder = mkdtempSync(join(tmpdir(), 'hearth-living-'));
  private readonly world = {
    clock: this.clock,
    random: new SystemRandom(),
    network: new HalfMemoryNetwork(),
    files: new MemoryFiles(),
    processes: bareMachine,
    log: this.log,
  };
  private hub: Hub | undefined;
  private ids = 0;

  /** Starts with these `KEY=VALUE` settings; anna owns it. */
  async start(settings: readonly string[] = []): Promise<void> {
    const set = ['mdns.enabled=false', `data=${this.folder}`, ...settings];
    const machine = { label: 'pronto', dataFolder: this.folder };
    const config = await loadConfig({ env: {}, set }, machine, this.world.files);
    this.hub = createHub(config, this.world, { store: new MemoryStore(this.world, new MemoryBackend()) });
    await this.hub.start();
    await this.run('accounts', 'add', 'anna', '--owner');
  }

  async stop(): Promise<void> {
    await this.hub?.stop();
    rmSync(this.folder, { recursive: true });
    expect(this.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  }

  /** Runs a command, one argument for each word. */
  async run(...words: string[]) {
    const shell = new TypedShell();
    const code = await main([...words, '--data', this.folder], shell);
    return { code, output: shell.output, errors: shell.errors };
  }

  /** What a command prints; it must succeed. */
  async prints(...words: string[]): Promise<string> {
    const { code, output, errors } = await this.run(...words);
    expect([words.join(' '), code, errors]).toEqual([words.join(' '), 0, '']);
    return output;
  }

  /** What a command that is refused says. */
  async refuses(...words: string[]): Promise<string> {
    const { code, errors } = await this.run(...words);
    expect([words.join(' '), code === 1 || code === 64]).toEqual([words.join(' '), true]);
    return errors;
  }

  /** Runs a command with `--json`. */
  async json(...words: string[]) {
    return JSON.parse((await this.run(...words, '--json')).output);
  }

  /** Somebody comes online. */
  async arrives(name: string): Promise<Actor> {
    const actor = new Actor(
      name,
      'pronto.local',
      () => this.world.network.connect({ host: 'hub', port: PORT }),
      this.world,
    );
    await actor.arrives();
    actor.sends('<presence/>');
    return actor;
  }

  /** A thing comes online, registers, and anna claims it. `nodes` are behind it; without any it is one itself. */
  async thing(name: string, nodes: readonly string[] = ['']): Promise<Actor> {
    const actor = await this.arrives(name);
    for (const node of nodes) {
      const key = `${name}-${node}-key`;
      const tag = `<str name='KEY' value='${key}'/>`;
      await this.asks(
        actor,
        `<register xmlns='${DISCO}'${node === '' ? '' : ` id='${node}'`}>${tag}</register>`,
      );
      await this.prints('claim', `iotdisco:KEY=${key}`);
    }
    return actor;
  }

  /** Asks the hub something, and takes the answer. */
  async asks(actor: Actor, payload: string, type = 'set'): Promise<Element> {
    const id = `q${this.ids++}`;
    actor.sends(`<iq type='${type}' id='${id}' to='${HUB}'>${payload}</iq>`);
    return actor.receives(`<iq id='${id}'/>`);
  }

  /** A thing asks about a caller; whether he may. */
  async mayRead(thing: Actor, jid: string, attributes: string, content = ''): Promise<boolean> {
    const request = `<canRead xmlns='${DEVICE}' jid='${jid}' ${attributes}>${content}</canRead>`;
    const reply = await this.asks(thing, request, 'get');
    return reply.child('canReadResponse', DEVICE)?.attribute('result') === 'true';
  }

  async mayControl(thing: Actor, jid: string, content = ''): Promise<boolean> {
    const request = `<canControl xmlns='${DEVICE}' jid='${jid}'>${content}</canControl>`;
    const reply = await this.asks(thing, request, 'get');
    return reply.child('canControlResponse', DEVICE)?.attribute('result') === 'true';
  }

  async isFriend(thing: Actor, jid: string): Promise<boolean> {
    const reply = await this.asks(thing, `<isFriend xmlns='${DEVICE}' jid='${jid}'/>`, 'get');
    return reply.child('isFriendResponse', DEVICE)?.attribute('result') === 'true';
  }

  /** Gets a token as a device or service does [0324 3.1.3]. */
  async token(actor: Actor, certificate: TestCertificate): Promise<string> {
    const asked = await this.asks(actor, `<getToken xmlns='${XEP}'>${certificate.text}</getToken>`, 'get');
    const challenge = asked.child('getTokenChallenge', XEP);
    const seqnr = challenge?.attribute('seqnr');
    const response = certificate.answer(challenge?.text() ?? '');
    const answer = `<getTokenChallengeResponse xmlns='${XEP}' seqnr='${seqnr}'>${response}</getTokenChallengeResponse>`;
    const given = (await this.asks(actor, answer, 'get')).child('getTokenResponse', XEP);
    return given?.attribute('token') ?? '';
  }

  /** Waits until the audit has a line with this text. */
  async audited(text: string): Promise<void> {
    await vi.waitFor(async () => expect(await this.prints('audit')).toContain(text));
  }
}
