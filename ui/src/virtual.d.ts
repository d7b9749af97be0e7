declare module 'virtual:messages/*' {
  const table: Readonly<Record<string, import('./lib/i18n/format.js').Compiled>>;
  export default table;
}

declare module 'virtual:emoji/*' {
  /** Groups of [emoji, name, words to find it by, has skin tones]. */
  const groups: ReadonlyArray<readonly [number, ReadonlyArray<readonly [string, string, string, 0 | 1]>]>;
  export default groups;
}
