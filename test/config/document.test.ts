import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurationPage } from '../../src/config/document.js';
import { schema, settingsOf, variableOf } from '../../src/config/schema.js';

describe('docs/configuration.md', () => {
  it('says what the table says; `npm run docs` writes it anew', () => {
    expect(readFileSync('docs/configuration.md', 'utf8')).toBe(configurationPage());
  });
});

describe('the table of settings', () => {
  it('has a default that its own check takes, for every key', () => {
    for (const [path, setting] of settingsOf(schema)) {
      if (setting.fallback === undefined) continue;
      expect([path, setting.check(setting.fallback as string)]).toEqual([path, { value: setting.fallback }]);
    }
  });

  it('gives every key a variable of its own', () => {
    const variables = settingsOf(schema).map(([path]) => variableOf(path));
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toContain('HEARTH_LINK_LOCAL_ENABLED');
  });
});
