import type { AccessFacts, AccessRequest, Authority } from './decision.js';
import type { AccessRule } from './decision-rule.js';

/** A rule that says something about the request. */
export interface PresentRule {
  readonly rule: AccessRule;
  /** Whether its time is now; else it has to be waited for. */
  readonly holds: boolean;
}

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
  /** The rules of each authority that say something. */
  readonly present: readonly (readonly PresentRule[])[];
  readonly request: AccessRequest;
  /** The row of a node that some rule is about, by its key; -1 where it is not asked for. */
  private readonly singled = new Map<string, number>();
  /** The column of a name that some rule mentions; -1 where it is not asked for. */
  private readonly mentioned = new Map<string, number>();

  constructor(request: AccessRequest, authorities: readonly Authority[], { moment }: AccessFacts) {
    this.request = request;
    const present: PresentRule[][] = [];
    for (const { rules } of authorities) {
      const its: PresentRule[] = [];
      for (const rule of rules) {
        if ((rule.layers & request.layers) === 0) continue;
        const standing = moment.standing(rule.rule);
        if (standing === 'over') continue;
        this.mention(rule);
        its.push({ rule, holds: standing === 'holds' });
      }
      present.push(its);
    }
    this.present = present;
    this.layRows();
    this.layColumns();
  }

  /** The row that stands for just the node of a rule, shadows behind all others; -1 where nobody asks for it. */
  rowOfNode(key: string): number {
    return this.singled.get(key) ?? -1;
  }

  /** The column that stands for just this name; -1 where nobody asks for it. */
  columnOfName(name: string): number {
    return this.mentioned.get(name) ?? -1;
  }

  private mention({ node, rule }: AccessRule): void {
    if (node !== undefined) this.singled.set(node, -1);
    if (rule.names !== undefined) for (const name of rule.names) this.mentioned.set(name, -1);
  }

  private layRows(): void {
    const { nodes, shadows, vague } = this.request;
    for (const { node } of vague) this.singled.set(nodes[node]?.key ?? '', -1);
    const shared = new Map<string | undefined, number>();
    const some = this.singled.size > 0;
    let lastOwner: string | undefined;
    let lastRow = -1;
    for (const { key, owner } of nodes) {
      const single = some && this.singled.has(key);
      if (!single && lastRow >= 0 && owner === lastOwner) {
        this.rows[lastRow] = (this.rows[lastRow] ?? 0) + 1;
        this.rowOf.push(lastRow);
        continue;
      }
      const row = (single ? undefined : shared.get(owner)) ?? this.rows.length;
      if (row === this.rows.length) {
        this.rows.push(0);
        this.owners.push(owner);
      }
      this.rows[row] = (this.rows[row] ?? 0) + 1;
      this.rowOf.push(row);
      if (single) this.singled.set(key, row);
      else {
        shared.set(owner, row);
        lastOwner = owner;
        lastRow = row;
      }
    }
    for (const { key, owner } of shadows) {
      if (this.singled.has(key)) this.singled.set(key, this.owners.length);
      this.owners.push(owner);
    }
  }

  private layColumns(): void {
    const { names, every } = this.request;
    const some = this.mentioned.size > 0;
    let shared = -1;
    for (const name of names) {
      const single = some && this.mentioned.has(name);
      const column = single || shared < 0 ? this.columns.length : shared;
      if (column === this.columns.length) this.columns.push(0);
      this.columns[column] = (this.columns[column] ?? 0) + 1;
      this.columnOf.push(column);
      if (single) this.mentioned.set(name, column);
      else shared = column;
    }
    if (every) this.columns.push(1);
  }
}
