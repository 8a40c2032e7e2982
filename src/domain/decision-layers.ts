/** The bits that are set, each as a number with that one bit. */
export function bitsOf(layers: number): number[] {
  const found: number[] = [];
  for (let rest = layers; rest !== 0; rest &= rest - 1) found.push(rest & -rest);
  return found;
}

/** How many bits are set. */
export function countBits(layers: number): number {
  let count = 0;
  for (let rest = layers; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** One of all layers that are granted in the same of these cells; none where nothing is. */
export function differentLayers(cells: readonly number[], end: number): number[] {
  let any = 0;
  let everywhere = -1;
  for (let at = 0; at < end; at++) {
    const cell = cells[at] ?? 0;
    any |= cell;
    // Where all that is granted anywhere is alike, one layer stands for all.
    if (cell !== 0) everywhere &= cell;
  }
  if (any === 0) return [];
  if (any === everywhere) return [any & -any];
  const distinct = [...new Set(cells.slice(0, end))];
  const found: number[] = [];
  for (const layer of bitsOf(any)) {
    const alike = (other: number) =>
      distinct.every((cell) => ((cell & layer) !== 0) === ((cell & other) !== 0));
    if (!found.some(alike)) found.push(layer);
  }
  return found;
}
