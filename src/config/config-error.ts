/** Something in the configuration that the hub cannot follow. */
export interface Problem {
  /** Where it stands: `hearth.yaml:3:5`, `HEARTH_SERVER_PORT`, `--set server.port`. */
  readonly place: string;
  /** What is wrong and what was expected. */
  readonly text: string;
}

/** The configuration is wrong: the hub does not start, and exits with 78. Names every problem, not only the first. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ place, text }) => `${place}: ${text}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
