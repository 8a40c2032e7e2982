import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../xmpp/recording.js';
import { LinkStage } from './link-stage.js';

const HUB = '192.0.2.1';
const LAMP = '192.0.2.5';

let stage: LinkStage;

beforeEach(() => {
  stage = new LinkStage();
});

afterEach(() => stage.stop());

describe('two endpoints', () => {
  it('talk both ways over one stream that the first word opens', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.actor('Lamp@pronto', LAMP);
    lamp.says('hello', 'HUB@home');
    expect(await hub.hears()).toBe(
      "<message type='chat' from='lamp@pronto' to='hub@home'><body>hello</body></message>",
    );
    hub.asks('q1', 'lamp@pronto');
    expect(await hub.hears(2)).toContain("type='result'");
    expect(lamp.heard[0]?.peer).toBe(lamp.peer('hub@home'));
    expect(hub.events).toEqual(['lamp@pronto came']);
  });

  it('know each other by what they showed in TLS', async () => {
    const hub = await stage.actor('hub@home', HUB);
    const lamp = await stage.actor('lamp@pronto', LAMP);
    lamp.says('hello', 'hub@home');
    await hub.hears();
    expect(hub.peer('lamp@pronto').certificate).toMatch(/^[0-9a-f]{64}$/);
    await until(() => lamp.peer('hub@home').certificate !== undefined);
  });
});
