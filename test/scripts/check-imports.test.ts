import { describe, expect, it } from 'vitest';

const script = new URL('../../scripts/check-imports.mjs', import.meta.url).href;
const { violationsOf } = (await import(script)) as {
  violationsOf: (path: string, source: string) => string[];
};

describe('who imports whom', () => {
  it('lets a room import what its rule names, and itself', () => {
    const source = [
      "import { HubError } from '../../domain/errors.js';",
      "import type { Log } from '../../system/log.js';",
      "import { things } from '../../storage/keys.js';",
      "import { claimHash } from './claim-hash.js';",
      "import { createHash } from 'node:crypto';",
    ].join('\n');
    expect(violationsOf('services/registry/claim.ts', source)).toEqual([]);
  });

  it('names the line and the rule of what it may not', () => {
    const source = [
      '/* import nothing',
      "from 'node:fs' */",
      "import { Element } from '../xmpp/element.js';",
      "import net from 'node:net';",
      "export { level } from 'level';",
      "const later = await import('../main.js');",
      "import { a } from './a';",
    ].join('\n');
    expect(violationsOf('domain/thing.ts', source)).toEqual([
      'src/domain/thing.ts:3: domain may not import xmpp/element; it may import nothing',
      'src/domain/thing.ts:4: domain may not use node:net',
      'src/domain/thing.ts:5: domain may not use the package level',
      'src/domain/thing.ts:7: ./a must end in .js',
      'src/domain/thing.ts:6: domain may not import main; it may import nothing',
    ]);
  });

  it('tells types from values', () => {
    const types = "import { type Outbox, type Courier } from '../../services/notices.js';";
    const values = "import { type Outbox, notify } from '../../services/notices.js';";
    expect(violationsOf('edges/c2s/session.ts', types)).toEqual([]);
    expect(violationsOf('edges/c2s/session.ts', values)).toEqual([
      'src/edges/c2s/session.ts:1: edges may import services/notices by its types alone (import type)',
    ]);
  });

  it('finds what reaches around the world, but not in comments or in the world', () => {
    const source = '// Date.now() is not asked here\nconst at = Date.now();\nconst then = new Date(at);\n';
    expect(violationsOf('storage/level-store.ts', source)).toEqual([
      'src/storage/level-store.ts:2: Date.now( reaches around the world (src/system/world.ts)',
    ]);
    expect(violationsOf('system/clock.ts', source)).toEqual([]);
  });

  it('knows every room', () => {
    expect(violationsOf('attic/box.ts', '')).toEqual([
      'src/attic/box.ts: the room "attic" is not in scripts/import-rules.mjs',
    ]);
  });
});
