import type { Bench } from '../bench.js';
import type { MeasuredChallenges } from '../load/token-challenges.js';
import { Child } from '../servers/child.js';

/** Milliseconds between challenges while delays are measured. */
const PACE = 3;

/** Milliseconds for which nothing else may wait. */
const LONGEST = 5;

/** Challenges for tokens, from the certificate's text to the challenge's, beside what node-forge takes to encrypt. */
export const token: Bench = {
  name: 'token',
  about:
    "challenges for tokens on one core, beside node-forge's encryption alone, and the event loop's delay",
  run: async (lab) => {
    const child = lab.keep(new Child(process.execPath, [lab.program('token-challenges'), String(PACE)]));
    const { known, fresh, forge, paced, fast }: MeasuredChallenges = JSON.parse(await child.line());
    await child.stop();
    lab.note(
      'token: RSA-2048, OAEP with SHA-1; delays also with RSA-4096 and new certificates. A delay is the time that the ' +
        'process worked until the loop turned, collections of garbage and all. Delays are measured at ' +
        `${Math.round(1000 / PACE)} challenges/s, as many as 2000 accounts may ask for at 10 a minute; as fast as they ` +
        `can be made, the longest was ${fast.toFixed(1)} ms.`,
    );
    const challenges = {
      bench: 'token',
      beside: forge,
      unit: '/s of CPU',
      yardstick: "node-forge's encryption alone",
    };
    const what = 'challenges, certificates';
    return [
      { ...challenges, what: `${what} that came before`, hub: known, bar: { kind: 'at-least', ratio: 20 } },
      { ...challenges, what: `${what} never seen`, hub: fresh },
      {
        bench: 'token',
        what: 'longest delay of the event loop',
        hub: paced,
        beside: LONGEST,
        unit: 'ms',
        yardstick: 'what others may wait',
        bar: { kind: 'at-most', ratio: 1 },
      },
    ];
  },
};
