import { attributeOf } from './attribute.js';
import type { Ask, JobMessage, JobResult, Jobs, Line, Open, Opened } from './jobs.js';
import { pump } from './pump.js';
import { Session } from './session.js';

const groups = new Map<string, readonly Session[]>();

type Handlers = {
  readonly [Name in keyof Jobs]: (request: Jobs[Name]['request']) => Promise<Jobs[Name]['answer']>;
};

const handlers: Handlers = {
  open,
  ask,
  pump: (request) => pump(groupOf(request.group), request),
  line,
  answer: async ({ group, payload }) => {
    for (const session of groupOf(group)) answerAll(session, payload);
    return null;
  },
  close: async ({ group }) => {
    for (const session of groupOf(group)) session.close();
    groups.delete(group);
    return null;
  },
};

async function open(request: Open): Promise<Opened> {
  const begin = performance.now();
  const sessions: Session[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < request.count; i = next++) {
      sessions[i] = await Session.open(request.target, `${request.prefix}${i}`, request.password);
    }
  };
  await Promise.all(Array.from({ length: request.parallel }, work));
  groups.set(request.group, sessions);
  return { seconds: (performance.now() - begin) / 1000, jids: sessions.map((session) => session.jid) };
}

function ask({ group, template }: Ask): Promise<readonly string[]> {
  const asked = groupOf(group).map((session, i) => {
    const id = `ask${i}`;
    const text = template.replaceAll('{i}', String(i)).replaceAll('{n}', String(i)).replaceAll('{id}', id);
    return session.ask(id, text);
  });
  return Promise.all(asked);
}

async function line({ group, template, payloads, expect }: Line): Promise<readonly number[]> {
  const [session] = groupOf(group);
  if (session === undefined) throw new Error(`The group ${group} has no connection.`);
  const times: number[] = [];
  for (const [i, payload] of payloads.entries()) {
    const id = `line${i}`;
    const begin = performance.now();
    const reply = await session.ask(id, template.replaceAll('{payload}', payload).replaceAll('{id}', id));
    times.push(performance.now() - begin);
    if (!reply.replaceAll('"', "'").includes(expect)) throw new Error(`The answer was ${reply}`);
  }
  return times;
}

/** Answers of one piece of the stream leave in one piece. */
function answerAll(session: Session, payload: string): void {
  let replies = '';
  session.onStanza = (stanza) => {
    if (attributeOf(stanza, 'type') !== 'get') return;
    if (replies === '') {
      queueMicrotask(() => {
        session.send(replies);
        replies = '';
      });
    }
    const to = attributeOf(stanza, 'from');
    replies += `<iq type='result' to='${to}' id='${attributeOf(stanza, 'id')}'>${payload}</iq>`;
  };
}

function groupOf(name: string): readonly Session[] {
  const group = groups.get(name);
  if (group === undefined) throw new Error(`There is no group ${name}.`);
  return group;
}

async function run({ number, name, request }: JobMessage): Promise<JobResult> {
  try {
    const handler = handlers[name] as (request: unknown) => Promise<unknown>;
    return { number, answer: await handler(request) };
  } catch (error) {
    return { number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (message: JobMessage) => {
  void run(message).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));
