import { schema, settingsOf } from './schema.js';
import type { Setting } from './setting.js';

const INTRODUCTION = `# Configuration

Hearth needs no configuration. What follows is for those who want something else.

Settings come from four places; each overrides those above it:

1. the defaults below;
2. a YAML file: the one of \`--config FILE\`, otherwise \`/etc/hearth/hearth.yaml\` if it is there;
3. environment variables: \`linkLocal.enabled\` is \`HEARTH_LINK_LOCAL_ENABLED\`; lists are separated by commas;
4. \`--set KEY=VALUE\` on the command line.

\`\`\`yaml
# /etc/hearth/hearth.yaml
server:
  registration: closed
limits:
  things: 500
\`\`\`

An unknown key or a wrong value stops the start with its place (file, line, column), what was expected, and the nearest
key that there is. On SIGHUP (\`systemctl reload hearth\`) the hub reads its configuration again and renews its
certificates; \`log.level\` takes effect at once, everything else at the next start. A secret may stand in a file of its
own: \`KEYFile\` names it.

This page is made from the table in \`src/config/schema.ts\` by \`npm run docs\`.
`;

const GROUPS: Readonly<Record<string, string>> = {
  '': 'The hub',
  server: 'The XMPP server',
  linkLocal: 'The serverless stream',
  mdns: 'Announcing on the local network',
  web: "The owner's pages",
  uplink: 'The way outside',
  store: 'The records',
  trust: 'Trust',
  provisioning: 'Provisioning',
  limits: 'Limits',
  log: 'The log',
};

/** The page docs/configuration.md. */
export function configurationPage(): string {
  const groups = new Map<string, string[]>();
  for (const [path, setting] of settingsOf(schema)) {
    const group = path.includes('.') ? path.slice(0, path.indexOf('.')) : '';
    const rows = groups.get(group) ?? [];
    rows.push(row(path, setting));
    groups.set(group, rows);
  }
  const sections = [...groups].map(
    ([group, rows]) =>
      `\n## ${GROUPS[group] ?? group}\n\n| key | default | takes | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`,
  );
  return INTRODUCTION + sections.join('');
}

function row(path: string, setting: Setting<unknown>): string {
  const fallback = setting.fallbackText ?? `\`${JSON.stringify(setting.fallback) ?? 'none'}\``;
  const file = setting.secret ? `, \`${path}File\`` : '';
  const cells = [`\`${path}\`${file}`, fallback.replaceAll('"', ''), setting.expects, setting.meaning];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
