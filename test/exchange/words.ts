import { expect, vi } from 'vitest';
import type { Element } from '../../src/xmpp/element.js';
import type { Actor } from './actor.js';
import type { MemoryStage } from './memory-stage.js';

/** The hub's address on a stage in memory. */
export const HUB = 'hub.pronto.local';

/** The words of a story that is played on a stage in memory. */
export function wordsOf(stage: () => MemoryStage) {
  let ids = 0;
  const answers = (actor: Actor, told: Element): void =>
    actor.sends(`<iq type='result' id='${told.attribute('id')}' to='${told.attribute('from')}'/>`);
  return {
    /** Somebody connects, and is available unless he keeps silent. */
    arrives: async (name: string, silent = false): Promise<Actor> => {
      const actor = stage().actor(name);
      await actor.arrives();
      if (!silent) actor.sends('<presence/>');
      return actor;
    },
    /** Asks the hub; resolves with its reply, result or error. */
    asks: async (actor: Actor, payload: string, type = 'set'): Promise<Element> => {
      const id = `q${ids++}`;
      actor.sends(`<iq type='${type}' id='${id}' to='${HUB}'>${payload}</iq>`);
      return stage().passes(actor.receives(`<iq id='${id}' from='${HUB}'/>`));
    },
    answers,
    /** Is told this by the hub, and answers with an empty result. */
    acknowledges: async (actor: Actor, payload: string): Promise<Element> => {
      const told = await actor.receives(`<iq type='set' from='${HUB}'>${payload}</iq>`);
      answers(actor, told);
      return told;
    },
    /** All that had to be told is told, and has had its rest. */
    settles: async (): Promise<void> => {
      await vi.waitFor(async () => expect((await stage().admin('status', {})).counts.notices).toBe(0));
      stage().clock.advance(10_000);
    },
    /** The defined condition of an error. */
    condition: (reply: Element): string | undefined => reply.child('error')?.elements()[0]?.name,
  };
}
