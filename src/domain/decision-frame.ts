import type { AccessFacts, AccessRequest, Authority } from './decision.js';
import type { AccessRule } from './decision-rule.js';

/**
 * The rows and columns on which authorities paint what they grant. Nodes of one owner that no rule singles out are one
 * row; so are names that no rule mentions one column.
 */
export class Frame {
  /** How many nodes each row stands for; rows by their first node. */
  readonly rows: number[] = [];
  /** The owner of the nodes of each row, then of the shadows. */
  readonly owners: (string | undefined)[] = [];
  /** The row of each node. */
  readonly rowOf: number[] = [];
  /** How many names each column stands for; columns by their first name, that for every name last. */
  readonly columns: number[] = [];
  /** The column of each name. */
  readonly columnOf: number[] = [];
  readonly request: AccessRequest;
  /** The row of a node that some rule is about, by its key; -1 where it is not asked for. */
  private singled: Map<string, number> | undefined;
  /** The column of a name that some rule mentions; -1 where it is not asked for. */
  private mentioned: Map<string, number> | undefined;

  constructor(request: AccessRequest, authorities: readonly Authority[], { moment }: AccessFacts) {
    this.request = request;
    for (const { rules } of authorities) {
      for (const rule of rules) {
        if ((rule.layers & request.layers) !== 0 && moment.standing(rule.rule) !== 'over') this.mention(rule);
      }
    }
    for (const { node } of request.vague) this.single(request.nodes[node]?.key ?? '');
    this.layRows();
    this.layColumns();
  }

  /** The row that stands for just the node of a rule, shadows behind all others; -1 where nobody asks for it. */
  rowOfNode(key: string): number {
    return this.singled?.get(key) ?? -1;
  }

  /** The column that stands for just this name; -1 where nobody asks for it. */
  columnOfName(name: string): number {
    return this.mentioned?.get(name) ?? -1;
  }

  private mention({ node, rule }: AccessRule): void {
    if (node !== undefined) this.single(node);
    if (rule.names === undefined) return;
    this.mentioned ??= new Map();
    for (const name of rule.names) this.mentioned.set(name, -1);
  }

  private single(key: string): void {
    this.singled ??= new Map();
    this.singled.set(key, -1);
  }

  private layRows(): void {
    const { nodes, shadows } = this.request;
    const shared: number[] = [];
    for (const { key, owner } of nodes) {
      const single = this.singled?.has(key) ?? false;
      const row = (single ? undefined : shared.find((one) => this.owners[one] === owner)) ?? this.rows.length;
      if (row === this.rows.length) {
        this.rows.push(0);
        this.owners.push(owner);
        if (single) this.singled?.set(key, row);
        else shared.push(row);
      }
      this.rows[row] = (this.rows[row] ?? 0) + 1;
      this.rowOf.push(row);
    }
    for (const { key, owner } of shadows) {
      if (this.singled?.has(key)) this.singled.set(key, this.owners.length);
      this.owners.push(owner);
    }
  }

  private layColumns(): void {
    const { names, every } = this.request;
    let shared: number | undefined;
    for (const name of names) {
      const its = this.mentioned?.get(name);
      // A name that comes twice has its column already.
      const column = (its === undefined ? shared : its < 0 ? undefined : its) ?? this.columns.length;
      if (column === this.columns.length) this.columns.push(0);
      this.columns[column] = (this.columns[column] ?? 0) + 1;
      this.columnOf.push(column);
      if (its === undefined) shared = column;
      else this.mentioned?.set(name, column);
    }
    if (every) this.columns.push(1);
  }
}
