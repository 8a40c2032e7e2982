import { ClassicLevel } from 'classic-level';
import type { SearchOperator } from '../../src/domain/search.js';
import type { Tag } from '../../src/domain/tag.js';
import { isPublic, jidOf, ownerOf, REGISTERED_AT, tagsOf } from './lamp.js';
import type { Query, Row, Side } from './side.js';

/** Records written, or read, at once. */
const SLICE = 1000;

/** A thing as a directory without indexes keeps it; smaller than the hub's record. */
interface Document {
  readonly id: string;
  readonly nodeId: string;
  readonly sourceId: string;
  readonly cacheType: string;
  readonly registeredAt: number;
  readonly owner: string;
  readonly public: boolean;
  readonly tags: readonly Tag[];
}

/** Things as JSON in LevelDB; a search reads, parses and checks them one after another until its page is full. */
export class ScanSide implements Side {
  readonly name = 'LevelDB scan';
  private readonly database: ClassicLevel<string, string>;

  constructor(folder: string) {
    this.database = new ClassicLevel(folder);
  }

  async fill(count: number): Promise<void> {
    await this.database.open();
    for (let at = 0; at < count; at += SLICE) {
      const batch = this.database.batch();
      for (let i = at; i < Math.min(at + SLICE, count); i++) batch.put(jidOf(i), documentOf(i));
      await batch.write();
    }
  }

  async find({ operators, offset, maxCount }: Query): Promise<readonly Row[]> {
    const rows: Row[] = [];
    let hits = 0;
    await this.read((document) => {
      if (!operators.every((operator) => holds(operator, document.tags))) return true;
      if (hits++ >= offset) rows.push(rowOf(document));
      return rows.length < maxCount;
    });
    return rows;
  }

  /** The JIDs that each of the queries finds, all from one scan. */
  async findAll(queries: readonly (readonly SearchOperator[])[]): Promise<readonly (readonly string[])[]> {
    const found = queries.map((): string[] => []);
    await this.read((document) => {
      queries.forEach((operators, i) => {
        if (operators.every((operator) => holds(operator, document.tags))) found[i]?.push(document.id);
      });
      return true;
    });
    return found;
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** Shows all public things, as long as it is told to go on. */
  private async read(show: (document: Document) => boolean): Promise<void> {
    const iterator = this.database.values();
    try {
      for (let slice = await iterator.nextv(SLICE); slice.length > 0; slice = await iterator.nextv(SLICE)) {
        for (const value of slice) {
          const document = JSON.parse(value) as Document;
          if (document.public && !show(document)) return;
        }
      }
    } finally {
      await iterator.close();
    }
  }
}

/** Thing number `i` as JSON. */
export function documentOf(i: number): string {
  const document: Document = {
    id: jidOf(i),
    nodeId: '',
    sourceId: '',
    cacheType: '',
    registeredAt: REGISTERED_AT,
    owner: ownerOf(i),
    public: isPublic(i),
    tags: tagsOf(i),
  };
  return JSON.stringify(document);
}

function rowOf({ id, owner, tags }: Document): Row {
  return { jid: id, owner, tags };
}

function holds(operator: SearchOperator, tags: readonly Tag[]): boolean {
  const value = tags.find(({ name }) => name === operator.name)?.value;
  if (value === undefined) return false;
  switch (operator.kind) {
    case 'strEq':
      return value === operator.value;
    case 'strNEq':
      return value !== operator.value;
    case 'strMask':
      return typeof value === 'string' && fits(value, operator.mask);
    case 'numGtEq':
      return Number(value) >= operator.value;
    case 'numLt':
      return Number(value) < operator.value;
    case 'numRange':
      return Number(value) >= operator.range.min && Number(value) <= operator.range.max;
    default:
      throw new Error(`No query of the bench has ${operator.kind}.`);
  }
}

/** A beginning, `123*`, or a piece, `*berg*`. */
function fits(value: string, mask: string): boolean {
  return mask.startsWith('*') ? value.includes(mask.slice(1, -1)) : value.startsWith(mask.slice(0, -1));
}
