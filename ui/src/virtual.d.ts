/** Which tables of texts there are; see scripts/areas.mjs. */
declare module 'virtual:messages' {
  type Table = Readonly<Record<string, import('./lib/i18n/format.js').Compiled>>;
  /** By language and group. */
  export const tables: Readonly<
    Record<'de' | 'en', Readonly<Record<string, () => Promise<{ default: Table }>>>>
  >;
  /** The group of each area. */
  export const places: Readonly<Record<string, string>>;
}

declare module 'virtual:emoji/*' {
  /** Groups of [emoji, name, words to find it by, has skin tones]. */
  const groups: ReadonlyArray<readonly [number, ReadonlyArray<readonly [string, string, string, 0 | 1]>]>;
  export default groups;
}

declare module 'virtual:help/*' {
  const chapters: ReadonlyArray<import('./features/help/chapters.js').Chapter>;
  export default chapters;
}
