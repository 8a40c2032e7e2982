import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main-program.js';
import { tableOfCommands } from '../../src/cli/table-of-commands.js';
import { generations } from '../../src/domain/generation.js';
import { simulatedKinds } from '../../src/thing/simulated/kinds.js';
import { TypedShell } from './typed-shell.js';

describe('hearth thing', () => {
  it('offers the kinds that there are', () => {
    const command = tableOfCommands.find(({ words }) => words[0] === 'thing');
    expect(command?.positionals[0]?.words).toEqual([...simulatedKinds.keys()]);
  });

  it('offers the namespaces that there are', () => {
    const command = tableOfCommands.find(({ words }) => words[0] === 'thing');
    expect(command?.options.find(({ name }) => name === 'generation')?.words).toEqual([...generations]);
  });

  it('refuses what is no kind, and what is no place of a hub', async () => {
    const shell = new TypedShell();
    expect(await main(['thing', 'lmap'], shell)).toBe(64);
    expect(await main(['thing', 'lamp', '--server', 'home.local'], shell)).toBe(64);
    expect(await main(['thing', 'lamp', '--server', 'home.local:99999'], shell)).toBe(64);
    expect(shell.errors).toContain(
      'hearth: "lmap" is none of temperature, lamp, concentrator. Did you mean "lamp"?',
    );
    expect(shell.errors).toContain('hearth: --server is HOST:PORT, not "home.local".');
  });

  it('says where it cannot keep what it knows', async () => {
    const shell = new TypedShell();
    expect(await main(['thing', 'lamp', '--server', '127.0.0.1:1', '--state', '/dev/null/x'], shell)).toBe(
      73,
    );
    expect(shell.errors).toMatch(/ENOTDIR/);
  });
});
