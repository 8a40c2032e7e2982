/**
 * The shape of a thing: which columns its tags are in, in their order, as a text of two UTF-16 units per column. Things
 * of one make share a shape.
 */
export function shapeOf(columns: readonly number[]): string {
  let shape = '';
  for (const id of columns) shape += String.fromCharCode(id & 0xffff, id >>> 16);
  return shape;
}

/** How many columns a shape has. */
export function shapeLength(shape: string): number {
  return shape.length >>> 1;
}

/** The number of the column at a place of a shape. */
export function shapeColumn(shape: string, place: number): number {
  return shape.charCodeAt(place * 2) + shape.charCodeAt(place * 2 + 1) * 0x10000;
}
