/** A column with those that stand below it on a phone. */
export interface Stack<C> {
  readonly column: C;
  readonly below: readonly C[];
}

/**
 * Where there is little room, optional columns stand below the one before them, or the first one after
 * them; elsewhere each stands alone.
 */
export function stacked<C extends { readonly optional?: boolean }>(
  columns: readonly C[],
  narrow: boolean,
): readonly Stack<C>[] {
  const all: { column: C; below: C[] }[] = [];
  let early: C[] = [];
  for (const column of columns) {
    const last = all.at(-1);
    if (!narrow || !column.optional) {
      all.push({ column, below: early });
      early = [];
    } else if (last) last.below.push(column);
    else early.push(column);
  }
  return all;
}
