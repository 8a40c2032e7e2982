import { parseArgs } from 'node:util';
import { type Bench, CannotRun } from './bench.js';
import { access } from './benches/access.js';
import { connections } from './benches/connections.js';
import { idle } from './benches/idle.js';
import { iq } from './benches/iq.js';
import { mdns } from './benches/mdns.js';
import { memory } from './benches/memory.js';
import { register } from './benches/register.js';
import { relay } from './benches/relay.js';
import { scale } from './benches/scale.js';
import { search } from './benches/search.js';
import { start } from './benches/start.js';
import { token } from './benches/token.js';
import { type Figure, reaches } from './figure.js';
import { Lab, type LabOptions, type Places } from './lab.js';
import { figureTable } from './table.js';

const benches: readonly Bench[] = [
  iq,
  register,
  search,
  start,
  idle,
  memory,
  connections,
  relay,
  scale,
  access,
  token,
  mdns,
];

/** Names that stand for several benches. */
const together: Readonly<Record<string, readonly string[]>> = {
  peers: ['start', 'idle', 'connections', 'relay'],
  registry: ['register', 'search', 'start', 'memory'],
};

/** As many as the hub's own limit can be raised to. */
const MOST_THINGS = 1_000_000;

const USAGE = `npm run bench [-- [--strict] [--profile FOLDER] [--n=THINGS] NAME...]

Measures the built hub (dist/) beside its yardsticks, all in one run on this machine.
  --strict          exit with 1 if a figure falls short or a bench cannot be run
  --n=THINGS        how many things search, start, memory and scale have, instead of their own sizes
  --profile FOLDER  let the hub write CPU profiles there; figures are then lower

Benches, all but those marked * if none is named:
${benches.map(({ name, about, onlyNamed }) => `  ${`${name}${onlyNamed ? ' *' : ''}`.padEnd(12)} ${about}`).join('\n')}
${Object.entries(together)
  .map(([name, names]) => `  ${name.padEnd(12)} ${names.join(', ')}`)
  .join('\n')}
`;

/** Runs the benches that `args` name and prints their figures. Returns the exit code; 64 for a wrong argument. */
export async function main(args: readonly string[], places: Places): Promise<number> {
  const request = read(args);
  if (typeof request === 'string') {
    process.stderr.write(request);
    return 64;
  }
  if (request.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { profile, things, chosen, strict } = request;
  const lab = new Lab({
    ...places,
    ...(profile !== undefined && { profile }),
    ...(things !== undefined && { things }),
  });
  const interrupted = () => void lab.clear().then(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  const figures: Figure[] = [];
  for (const bench of chosen) figures.push(...(await runOne(bench, lab)));
  if (figures.length > 0) process.stdout.write(`\n${figureTable(figures)}`);
  if (lab.notes.length > 0) process.stdout.write(`\n${lab.notes.join('\n')}\n`);
  const ran = chosen.every(({ name }) => figures.some((figure) => figure.bench === name));
  return strict && !(ran && figures.every((figure) => reaches(figure) !== false)) ? 1 : 0;
}

interface Request {
  readonly chosen: readonly Bench[];
  readonly strict: boolean;
  readonly help: boolean;
  readonly profile: LabOptions['profile'] | undefined;
  readonly things: LabOptions['things'] | undefined;
}

/** What is asked for, or what is wrong with it. */
function read(args: readonly string[]): Request | string {
  const options = {
    strict: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    profile: { type: 'string' },
    n: { type: 'string' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const names = positionals.flatMap((name) => together[name] ?? [name]);
    const unknown = names.find((name) => !benches.some((bench) => bench.name === name));
    if (unknown !== undefined) return `There is no bench "${unknown}".\n\n${USAGE}`;
    const chosen = benches.filter(({ name, onlyNamed }) =>
      names.length === 0 ? onlyNamed === undefined : names.includes(name),
    );
    const things = values.n === undefined ? undefined : Number(values.n);
    if (things !== undefined && !(Number.isInteger(things) && things >= 1000 && things <= MOST_THINGS))
      return `--n is a number of things from 1000 to ${MOST_THINGS}.\n\n${USAGE}`;
    return { chosen, things, strict: values.strict, help: values.help, profile: values.profile };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`;
  }
}

/** The figures of a bench; none, and a note, where it cannot be run. */
async function runOne(bench: Bench, lab: Lab): Promise<readonly Figure[]> {
  const begin = performance.now();
  process.stderr.write(`${bench.name}: ${bench.about} ... `);
  try {
    const figures = await bench.run(lab);
    process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(0)} s\n`);
    return figures;
  } catch (error) {
    process.stderr.write('failed\n');
    const told = error instanceof CannotRun || !(error instanceof Error) ? String(error) : error.stack;
    lab.note(`${bench.name} was not measured: ${told}`);
    return [];
  } finally {
    await lab.clear();
  }
}
