import type { Shell } from '../../src/cli/shell.js';

/** A shell whose output a test reads; `input` is the first line of standard input. */
export class TypedShell implements Shell {
  readonly env = {};
  readonly interactive = false;
  output = '';
  errors = '';
  /** What came as bytes and not as text. */
  readonly bytes: Uint8Array[] = [];
  private readonly input: string;
  private readonly printed = new Set<() => void>();
  private stop: (value: undefined) => void = () => undefined;

  constructor(input = '') {
    this.input = input;
  }

  now(): number {
    return Date.UTC(2026, 0, 2, 3, 5, 5);
  }

  print(output: string | Uint8Array): void {
    if (typeof output === 'string') this.output += output;
    else this.bytes.push(output);
    for (const look of this.printed) look();
  }

  complain(text: string): void {
    this.errors += `${text}\n`;
  }

  async readLine(): Promise<string> {
    return this.input;
  }

  stopped(): Promise<undefined> {
    return new Promise((resolve) => {
      this.stop = resolve;
    });
  }

  onReload(): void {}

  /** As Ctrl-C does. */
  interrupt(): void {
    this.stop(undefined);
  }

  /** Resolves once the output holds this text. */
  shows(text: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.output.includes(text)) return;
        this.printed.delete(look);
        resolve();
      };
      this.printed.add(look);
      look();
    });
  }
}
