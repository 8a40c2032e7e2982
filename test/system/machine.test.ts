import { describe, expect, it } from 'vitest';
import { dataFolder, hostLabel } from '../../src/system/machine.js';

describe('the machine', () => {
  it('has one label, whatever its host name is', () => {
    expect(hostLabel('Plug.example.org')).toBe('plug');
    expect(hostLabel('my_plug!')).toBe('my-plug');
    expect(hostLabel('localhost')).toBe('hearth');
    expect(hostLabel('')).toBe('hearth');
    expect(hostLabel('x'.repeat(64))).toHaveLength(55);
  });

  it('keeps data where systemd says, then by who runs it', () => {
    expect(dataFolder('/var/lib/a:/var/lib/b', true, '/root')).toBe('/var/lib/a');
    expect(dataFolder(undefined, true, '/root')).toBe('/var/lib/hearth');
    expect(dataFolder('', false, '/home/ann')).toBe('/home/ann/.local/state/hearth');
  });
});
