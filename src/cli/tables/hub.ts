import { type Command, hubOptions } from '../command.js';

/** The hub itself. */
export const hubTable: readonly Command[] = [
  {
    words: ['run'],
    summary: 'Run the hub, in the foreground.',
    details:
      'No configuration is needed. Standard output gets one line, "ready" and JSON, when the hub is reached; standard\nerror is the log. SIGTERM and SIGINT stop it, SIGHUP makes it read its configuration again.',
    positionals: [],
    options: [
      {
        name: 'config',
        value: 'FILE',
        meaning: 'The configuration file; /etc/hearth/hearth.yaml if not given.',
      },
      { name: 'data', value: 'DIR', meaning: 'The data folder.' },
      { name: 'set', value: 'KEY=VALUE', meaning: 'One setting, such as server.port=5222.', repeats: true },
    ],
    load: async () => (await import('../commands/run.js')).run,
  },
  {
    words: ['status'],
    summary: 'How the hub is, where it is reached, and what needs attention.',
    positionals: [],
    options: hubOptions,
    chat: {
      summary: 'How the hub is, and what needs attention.',
      others: {
        summary: 'Whether the hub is well.',
        options: [],
        load: async () => (await import('../commands/for-others.js')).status,
      },
    },
    load: async () => (await import('../commands/status.js')).run,
  },
  {
    words: ['doctor'],
    summary: 'What keeps things from finding the hub, and what to do about it.',
    details:
      'The hub asks its LANs for itself as a neighbour would, and looks who else answers. Takes three seconds.\nThe exit code is 1 where there is a problem.',
    positionals: [],
    options: hubOptions,
    load: async () => (await import('../commands/doctor.js')).run,
  },
];
