import { emojiHabits } from '../lib/emoji/habits.svelte.js';
import { type Emoji, type EmojiTable, type GroupId, withTone } from '../lib/emoji/table.js';

/** One thing that can be picked. */
export interface Pick {
  /** What is picked: the emoji, or :name: of the town's own. */
  readonly value: string;
  readonly name: string;
  /** The picture of the town's own. */
  readonly url?: string;
}

export interface PickGroup {
  readonly id: 'found' | 'recent' | 'town' | GroupId;
  readonly rows: ReadonlyArray<readonly Pick[]>;
}

/** What is seen in an emoji picker and where one stands in it. Knows no DOM. */
export class Picking {
  query = $state('');
  /** The place of what Enter takes: row and column over all groups; null: nothing yet. */
  at = $state.raw<{ readonly row: number; readonly column: number } | null>(null);
  readonly columns: number;
  #table: EmojiTable;

  constructor(table: EmojiTable, columns: number) {
    this.#table = table;
    this.columns = columns;
  }

  groups: readonly PickGroup[] = $derived.by(() => {
    if (this.query.trim() !== '') return this.#group('found', this.#found());
    const recent = emojiHabits.recent.flatMap((value) => this.#known(value) ?? []);
    return [
      ...this.#group('recent', recent.slice(0, this.columns * 2)),
      ...this.#group('town', emojiHabits.town.map(townPick)),
      ...this.#table.groups.flatMap((group) => this.#group(group.id, group.items.map(pickOf))),
    ];
  });

  rows = $derived.by(() => this.groups.flatMap((group) => group.rows));

  /** What Enter takes; while searching, the best one without another key. */
  chosen = $derived.by((): Pick | null => {
    if (this.at) return this.rows[this.at.row]?.[this.at.column] ?? null;
    return this.query.trim() === '' ? null : (this.rows[0]?.[0] ?? null);
  });

  search(query: string): void {
    this.query = query;
    this.at = query.trim() === '' || this.rows.length === 0 ? null : { row: 0, column: 0 };
  }

  /** An arrow key; false when it should stay with the search field. */
  move(key: string): boolean {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    if (!by) return false;
    const [down = 0, right = 0] = by;
    if (!this.at) {
      if (down !== 1 || this.rows.length === 0) return false;
      this.at = { row: 0, column: 0 };
      return true;
    }
    const { row, column } = this.at;
    if (row === 0 && down === -1) this.at = null;
    else this.at = down === 0 ? this.#beside(row, column + right) : this.#below(row + down, column);
    return true;
  }

  #below(row: number, column: number) {
    const next = Math.min(row, this.rows.length - 1);
    return { row: next, column: Math.min(column, (this.rows[next]?.length ?? 1) - 1) };
  }

  #beside(row: number, column: number) {
    if (column < 0) return row === 0 ? { row, column: 0 } : this.#below(row - 1, this.columns);
    if (column < (this.rows[row]?.length ?? 0)) return { row, column };
    return row + 1 < this.rows.length ? { row: row + 1, column: 0 } : { row, column: column - 1 };
  }

  #found(): Pick[] {
    const query = this.query.trim().toLocaleLowerCase();
    const town = emojiHabits.town.filter((one) => one.name.includes(query)).map(townPick);
    return [...town, ...this.#table.find(this.query).map(pickOf)];
  }

  #known(value: string): Pick | null {
    const town = emojiHabits.town.find((one) => value === `:${one.name}:`);
    if (town) return townPick(town);
    const known = this.#table.of(value);
    return known ? { value, name: known.name } : null;
  }

  #group(id: PickGroup['id'], picks: readonly Pick[]): PickGroup[] {
    const rows = Array.from({ length: Math.ceil(picks.length / this.columns) }, (_, at) =>
      picks.slice(at * this.columns, (at + 1) * this.columns),
    );
    return rows.length === 0 ? [] : [{ id, rows }];
  }
}

const townPick = (one: { name: string; url: string }): Pick => ({
  value: `:${one.name}:`,
  name: one.name,
  url: one.url,
});

const pickOf = (one: Emoji): Pick => ({
  value: one.toned ? withTone(one.emoji, emojiHabits.tone) : one.emoji,
  name: one.name,
});
