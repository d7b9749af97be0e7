import { tick } from 'svelte';
import type { OpenRoom } from './open-room.svelte.js';
import type { Row } from './rows.js';

/** What moves the view. */
export interface Scroller {
  scrollToKey(key: string, align?: 'start' | 'center' | 'end', offset?: number): boolean;
  scrollToEnd(): void;
  scrollBy(pixels: number): void;
}

const markedFor = 4_000;

/** Where somebody stands in a conversation. Knows no DOM. */
export class Reading {
  atEnd = $state(true);
  /** New messages pull the view along. In an older stretch they must not: it would run away to the present. */
  follows = $state(true);
  /** The line above what is new has been on the screen. */
  seenNew = $state(false);
  /** The row that has the one tab stop of the conversation. */
  current = $state<string | null>(null);
  /** The place somebody was led to. */
  marked = $state<number | null>(null);
  top = $state.raw<Row | null>(null);
  readonly open: OpenRoom;
  #view: () => Scroller | undefined;

  constructor(open: OpenRoom, view: () => Scroller | undefined) {
    this.open = open;
    this.#view = view;
  }

  /** Rows that the arrow keys go through. */
  stops: readonly Row[] = $derived.by(() =>
    this.open.rows.filter((row) => row.type === 'said' || row.type === 'entry' || row.type === 'outgoing'),
  );

  newAbove = $derived.by(
    () => this.open.fresh > 0 && this.open.newAfter !== null && !this.seenNew && !this.atEnd,
  );

  /** There is something newer than what is seen. */
  newerBelow = $derived.by(() => this.open.timeline.after || !this.atEnd);

  /** The day of what is seen, for the line that sticks. */
  day = $derived.by(() => {
    const { top } = this;
    return !this.atEnd && (top?.type === 'said' || top?.type === 'entry') ? top.message.created_at : null;
  });

  /** Goes to the message at a place and marks it for a moment. */
  async jump(seq: number): Promise<void> {
    const key = await this.open.goTo(seq);
    this.follows = !this.open.timeline.after;
    await tick();
    if (key === null) return;
    this.#view()?.scrollToKey(key);
    this.marked = seq;
    this.current = key;
    setTimeout(() => {
      if (this.marked === seq) this.marked = null;
    }, markedFor);
  }

  /** Goes to the line above what is new. */
  async toNew(): Promise<void> {
    if (this.open.newAfter === null) return;
    await this.open.goTo(this.open.newAfter + 1);
    this.follows = !this.open.timeline.after;
    await tick();
    this.#view()?.scrollToKey('new', 'start');
    this.seenNew = true;
  }

  async toPresent(): Promise<void> {
    await this.open.toPresent();
    this.follows = true;
    await tick();
    this.#view()?.scrollToEnd();
  }

  /** Back to where the person stopped reading when they left the room. */
  async resume(): Promise<void> {
    const { place } = this.open;
    if (!place) return;
    this.follows = !this.open.timeline.after;
    await tick();
    if (!this.#view()?.scrollToKey(place.key, 'start', place.above)) this.open.place = null;
  }

  /** The wheel turned over something that lies on the view. */
  roll(pixels: number): void {
    this.#view()?.scrollBy(pixels);
  }

  /** The view reached its end, or left it. */
  moved(end: boolean): void {
    this.atEnd = end;
    if (end) this.open.place = null;
    this.follows = !this.open.timeline.after;
    this.open.atEnd = end && this.follows;
  }

  /** This is the topmost row that is seen. */
  look(row: Row, above: number): void {
    this.top = row;
    this.open.place = this.atEnd ? null : { key: row.key, above };
    if (row.type === 'new') this.seenNew = true;
  }

  /** Where an arrow key leads: a row, 'out' beyond the newest one, or null when the key does not move. */
  step(key: string): Row | 'out' | null {
    const { stops } = this;
    const at = stops.findIndex((row) => row.key === this.current);
    const next = {
      ArrowUp: at < 0 ? stops.length - 1 : at - 1,
      ArrowDown: at + 1,
      Home: 0,
      End: stops.length - 1,
    }[key];
    if (next === undefined) return null;
    return next >= stops.length ? 'out' : (stops[Math.max(0, next)] ?? 'out');
  }
}
