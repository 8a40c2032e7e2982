import { statSync } from 'node:fs';
import { cpuSeconds } from '../servers/child.js';
import type { Pump, Pumped } from './jobs.js';
import type { Session } from './session.js';

/** How many requests a template without a number is written out into, to be sent again and again. */
const WRITTEN = 64;

/** Numbers that no other request of this generator has. */
let last = 0;

/** Keeps `window` requests in flight on every session for the time given, and counts what comes back. */
export async function pump(sessions: readonly Session[], request: Pump): Promise<Pumped> {
  const counts = new Counts(request.expect);
  const lanes = sessions.map((session, i) => new Lane(session, requests(request, i), counts));
  for (const lane of lanes) lane.start(request.window);
  await wait(request.warmUpSeconds);
  const before = cpuSeconds(request.pid);
  const size = sizeOf(request.growing);
  const begin = performance.now();
  counts.begin();
  await wait(request.seconds);
  const seconds = (performance.now() - begin) / 1000;
  const { replies, p50, p99 } = counts.end();
  const cpu = cpuSeconds(request.pid) - before;
  const grown = sizeOf(request.growing) - size;
  await Promise.all(lanes.map((lane) => lane.finish()));
  for (const session of sessions) session.release();
  const { failures, firstFailure } = counts;
  return { replies, seconds, p50, p99, cpu, grown, failures, firstFailure };
}

/** What all lanes count together. */
class Counts {
  failures = 0;
  firstFailure = '';
  private times: number[] | undefined;
  private readonly expect: string;

  constructor(expect: string) {
    this.expect = expect;
  }

  begin(): void {
    this.times = [];
  }

  reply(stanza: string, milliseconds: number): void {
    this.times?.push(milliseconds);
    if (stanza.includes(this.expect) || stanza.replaceAll('"', "'").includes(this.expect)) return;
    if (this.failures === 0) this.firstFailure = stanza;
    this.failures++;
  }

  end(): { replies: number; p50: number; p99: number } {
    const times = Float64Array.from(this.times ?? []).sort();
    this.times = undefined;
    const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
    return { replies: times.length, p50: at(0.5), p99: at(0.99) };
  }
}

/** One session with its requests in flight. Replies come in the order of the requests. */
class Lane {
  private readonly session: Session;
  private readonly request: () => string;
  private readonly counts: Counts;
  private readonly sent: number[] = [];
  private answered = 0;
  private due = 0;
  private open = true;
  private done: () => void = () => undefined;

  constructor(session: Session, request: () => string, counts: Counts) {
    this.session = session;
    this.request = request;
    this.counts = counts;
  }

  start(window: number): void {
    this.session.onStanza = (stanza) => this.arrived(stanza);
    this.send(window);
  }

  /** Sends no more, and waits for what is in flight. */
  finish(): Promise<void> {
    this.open = false;
    if (this.answered === this.sent.length) return Promise.resolve();
    return new Promise((resolve) => {
      this.done = resolve;
    });
  }

  private arrived(stanza: string): void {
    if (!stanza.startsWith('<iq')) return;
    this.counts.reply(stanza, performance.now() - (this.sent[this.answered++] ?? 0));
    if (this.answered === this.sent.length && !this.open) this.done();
    if (!this.open) return;
    // Replies that came in one piece are followed by requests in one piece.
    if (this.due++ === 0) queueMicrotask(() => this.refill());
  }

  private refill(): void {
    const due = this.due;
    this.due = 0;
    if (this.open) this.send(due);
  }

  private send(count: number): void {
    const now = performance.now();
    let text = '';
    for (let i = 0; i < count; i++) {
      text += this.request();
      this.sent.push(now);
    }
    this.session.send(text);
  }
}

function requests({ template, to = [], payloads = [] }: Pump, index: number): () => string {
  const own = template.replaceAll('{i}', String(index)).replaceAll('{to}', to[index] ?? '');
  if (payloads.length > 0) return inTurn(own, payloads, index);
  const write = (): string => {
    const number = String(++last);
    return own.replaceAll('{id}', `b${number}`).replaceAll('{n}', number);
  };
  if (own.includes('{n}')) return write;
  const written = Array.from({ length: WRITTEN }, write);
  let at = 0;
  return () => written[at++ % WRITTEN] ?? '';
}

/** One payload after the other; each lane begins with another one. */
function inTurn(template: string, payloads: readonly string[], index: number): () => string {
  const written = payloads.map((payload) => template.replaceAll('{payload}', payload));
  let at = index * 7;
  return () => (written[at++ % written.length] ?? '').replaceAll('{id}', `b${++last}`);
}

function sizeOf(file: string | undefined): number {
  return file === undefined ? 0 : statSync(file).size;
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
