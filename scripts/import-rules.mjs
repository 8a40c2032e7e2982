// Who imports whom in src/. `check-imports.mjs` holds the source to this table.

/** What a room may import: rooms, single files, or a room by its types alone. */
export const rooms = {
  domain: { files: [], packages: [], builtins: [] },
  services: {
    files: [
      'domain',
      'storage/keys',
      'storage/store',
      'storage/table',
      'types:storage/indexes',
      'types:system',
      'system/clock',
      'system/random',
    ],
    packages: [],
    builtins: ['crypto'],
  },
  dialects: {
    files: ['domain', 'xmpp/element', 'xmpp/namespaces', 'types:xmpp'],
    packages: [],
    builtins: [],
  },
  xmpp: {
    files: ['domain', 'system'],
    packages: ['saxes', '@mongodb-js/saslprep'],
    builtins: ['buffer', 'crypto', 'tls', 'util'],
  },
  edges: {
    files: ['xmpp', 'discovery', 'domain', 'system', 'types:services', 'types:storage'],
    packages: ['node-forge'],
    builtins: ['crypto', 'net', 'path', 'tls', 'stream', 'events', 'url', 'util'],
  },
  discovery: {
    files: ['domain', 'system'],
    packages: ['multicast-dns', 'dns-packet'],
    builtins: ['dgram', 'os', 'net', 'events', 'crypto'],
  },
  storage: {
    files: ['domain', 'system'],
    packages: ['level', 'classic-level', 'abstract-level', 're2js'],
    builtins: ['fs', 'fs/promises', 'path', 'timers', 'zlib', 'crypto'],
  },
  // The HTTP parser; its sockets come from the world.
  web: { files: ['services', 'domain', 'types:system'], packages: [], builtins: ['http'] },
  thing: {
    files: ['xmpp', 'discovery', 'dialects', 'domain', 'system'],
    packages: [],
    builtins: ['crypto', 'path', 'tls', 'net', 'stream', 'events', 'os'],
  },
  config: { files: ['domain', 'types:system'], packages: ['yaml'], builtins: [] },
  system: {
    files: [],
    packages: [],
    builtins: [
      'fs',
      'fs/promises',
      'path',
      'os',
      'net',
      'dgram',
      'stream',
      'crypto',
      'child_process',
      'readline',
      'v8',
      'vm',
      'perf_hooks',
    ],
  },
  cli: {
    files: ['system', 'config', 'main', 'thing', 'domain', 'discovery/dhcp-snippet'],
    packages: ['qrcode'],
    builtins: ['http', 'path', 'fs', 'readline'],
  },
  main: { files: '*', packages: [], builtins: ['path', 'crypto'] },
};

/** Files outside src/ that anybody may import. */
export const outside = ['package.json'];

/** Calls that reach around the world, and the rooms that may. */
export const ambient = [
  {
    pattern:
      /\b(?:Date\.now\s*\(|new Date\s*\(\s*\)|Math\.random\s*\(|setTimeout\s*\(|setInterval\s*\(|performance\.now\s*\(|randomBytes\s*\(|randomUUID\s*\(|getRandomValues\s*\()/g,
    rooms: ['system'],
  },
  // Letting the event loop turn is no time, so the rooms at the world's edge may.
  { pattern: /\bsetImmediate\s*\(/g, rooms: ['system', 'edges', 'discovery', 'storage'] },
];
