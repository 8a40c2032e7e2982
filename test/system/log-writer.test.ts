import { describe, expect, it } from 'vitest';
import { journalLine, jsonLine, type LogFormat, terminalLine } from '../../src/system/log-line.js';
import { LogWriter } from '../../src/system/log-writer.js';

function logInto(format: LogFormat, level: 'debug' | 'info' | 'warn' = 'info') {
  const lines: string[] = [];
  const log = new LogWriter({ level, format, write: (text) => lines.push(text), clock: { now: () => 0 } });
  return { log, lines };
}

describe('the log', () => {
  it('writes one JSON object a line for programs', () => {
    const { log, lines } = logInto(jsonLine);
    log.part('store').warn('Slow\ndisk', { ms: 12, text: 'field', gone: undefined });
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"warn","part":"store","text":"Slow\\ndisk","ms":12,"text_":"field"}\n',
    ]);
  });

  it('writes priorities for the journal', () => {
    const { log, lines } = logInto(journalLine);
    log.error('Broken', { file: 'a b' });
    log.info('Fine');
    expect(lines).toEqual(['<3>Broken file="a b"\n', '<6>Fine\n']);
  });

  it('writes readable lines for people', () => {
    const { log, lines } = logInto(terminalLine(false));
    log.info('Ready.', { port: 5222 });
    log.warn('Careful.');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d Ready\. port=5222\n$/);
    expect(lines[1]).toMatch(/ warn: Careful\.\n$/);
  });

  it('keeps to its level, which can change for all parts', () => {
    const { log, lines } = logInto(journalLine, 'warn');
    const part = log.part('x');
    part.info('unseen');
    log.setLevel('debug');
    part.debug('seen');
    expect(lines).toEqual(['<7>x: seen\n']);
  });

  it('abuse 69: line breaks and terminal codes of strangers are escaped, long text is cut', () => {
    const { log, lines } = logInto(terminalLine(true));
    log.info('From', { user: `\u001b[2Ja\r\n<0>${'x'.repeat(1_000_000)}` });
    expect(lines[0]).not.toMatch(/[\u001b\r]|\n./);
    expect(lines[0]?.length).toBeLessThan(2200);
  });
});
