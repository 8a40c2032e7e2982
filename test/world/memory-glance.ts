import type { DiskRoom, Glance } from '../../src/system/glance.js';

/** A machine's files as far as a test tells of them: texts, and links and modes by path. */
export class MemoryGlance implements Glance {
  readonly texts: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, string>>;
  readonly modes: Readonly<Record<string, number>>;
  space: DiskRoom | undefined;

  constructor(
    texts: Readonly<Record<string, string>> = {},
    links: Readonly<Record<string, string>> = {},
    modes: Readonly<Record<string, number>> = {},
  ) {
    this.texts = texts;
    this.links = links;
    this.modes = modes;
  }

  async text(path: string): Promise<string | undefined> {
    return this.texts[path];
  }

  /** What lies below a folder, by the paths that are known. */
  async names(folder: string): Promise<readonly string[]> {
    const paths = [...Object.keys(this.texts), ...Object.keys(this.links)];
    const below = paths.filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/', 1)[0] ?? ''))];
  }

  async link(path: string): Promise<string | undefined> {
    return this.links[path];
  }

  async mode(path: string): Promise<number | undefined> {
    return this.modes[path];
  }

  async room(): Promise<DiskRoom | undefined> {
    return this.space;
  }
}
