import { vi } from 'vitest';
import type { Element } from '../../src/xmpp/element.js';
import type { Actor } from './actor.js';
import { MemoryStage } from './memory-stage.js';

export const HUB = 'hub.pronto.local';
export const DISCO = 'urn:nf:iot:disco:1.0';
export const DEVICE = 'urn:nf:iot:prov:d:1.0';
export const OWNER = 'urn:nf:iot:prov:o:1.0';
export const METER = 'meter@pronto.local';
export const EVE = 'eve@elsewhere.example';

/** A concentrator with nodes, and two owners with programs, who have parts of it. */
export class TwoOwners {
  readonly stage: MemoryStage;
  readonly meter: Actor;
  readonly anna: Actor;
  readonly bert: Actor;
  private ids = 0;

  private constructor(stage: MemoryStage) {
    this.stage = stage;
    this.meter = stage.actor('meter');
    this.anna = stage.actor('anna');
    this.bert = stage.actor('bert');
  }

  /** Everybody is there, and nothing is registered. */
  static async open(settings: readonly string[] = []): Promise<TwoOwners> {
    const stage = await MemoryStage.open(settings);
    for (const name of ['anna', 'bert'])
      await stage.admin('accounts-add', { name, owner: true, password: `${name}-secret` });
    const story = new TwoOwners(stage);
    for (const actor of [story.meter, story.anna, story.bert]) await story.arrives(actor);
    return story;
  }

  async arrives(actor: Actor): Promise<void> {
    await actor.arrives();
    actor.sends('<presence/>');
  }

  /** What the hub answers to a request. */
  async asks(actor: Actor, payload: string, type = 'set'): Promise<Element> {
    const id = `q${this.ids++}`;
    actor.sends(`<iq type='${type}' id='${id}' to='${HUB}'>${payload}</iq>`);
    return this.stage.passes(actor.receives(`<iq id='${id}'/>`));
  }

  /** The meter registers a node of its own, `''` for itself, written as attributes. */
  async registers(node: string): Promise<void> {
    await this.asks(
      this.meter,
      `<register xmlns='${DISCO}' ${node}><str name='KEY' value='k${keyOf(node)}'/></register>`,
    );
  }

  async claims(owner: Actor, node: string): Promise<void> {
    await this.asks(owner, `<mine xmlns='${DISCO}'><str name='KEY' value='k${keyOf(node)}'/></mine>`);
  }

  /** The meter acknowledges all that it is told, until nothing waits for it. */
  async settles(): Promise<void> {
    await vi.waitFor(async () => {
      for (const told of this.meter.unread.filter(isTold)) {
        const id = told.attribute('id');
        await this.meter.receives(`<iq type='set' id='${id}'/>`);
        this.meter.sends(`<iq type='result' id='${id}' to='${told.attribute('from')}'/>`);
      }
      this.stage.clock.advance(1000);
      if ((await this.stage.admin('status', {})).counts.notices > 0) throw new Error('something waits');
    });
    this.stage.clock.advance(10_000);
  }

  /** What the hub answers to the meter about one who wants to read. */
  async canRead(content: string, jid = EVE): Promise<Element> {
    const request = `<canRead xmlns='${DEVICE}' jid='${jid}' m='true'>${content}</canRead>`;
    const answer = (await this.asks(this.meter, request, 'get')).child('canReadResponse', DEVICE);
    if (answer === undefined) throw new Error('no canReadResponse');
    return answer;
  }

  /** Whether all of that may be read. */
  async reads(content: string, jid = EVE): Promise<string | undefined> {
    return (await this.canRead(content, jid)).attribute('result');
  }

  /** The question that an owner's program gets. */
  async question(owner: Actor, name = 'canRead'): Promise<Element> {
    const message = await owner.receives(`<message from='${HUB}'><${name} xmlns='${OWNER}'/></message>`);
    const asked = message.child(name, OWNER);
    if (asked === undefined) throw new Error('no question');
    return asked;
  }

  /** An owner answers a question about reading. */
  answers(owner: Actor, asked: Element, result: boolean, content: string): Promise<Element> {
    const about = `jid='${METER}' remoteJid='${asked.attribute('remoteJid')}' key='${asked.attribute('key')}'`;
    return this.asks(
      owner,
      `<canReadRule xmlns='${OWNER}' ${about} result='${result}'>${content}</canReadRule>`,
    );
  }

  async pending(): Promise<
    readonly { readonly owner: string; readonly caller: string; readonly number: number }[]
  > {
    return (await this.stage.admin('pending', {})).questions;
  }

  close(): Promise<void> {
    return this.stage.close();
  }
}

/** The condition of an error. */
export function condition(reply: Element): string | undefined {
  return reply.child('error')?.elements()[0]?.name;
}

function isTold(stanza: Element): boolean {
  return stanza.name === 'iq' && stanza.attribute('type') === 'set';
}

function keyOf(node: string): string {
  return node.replaceAll(/[^a-z0-9]/g, '');
}
