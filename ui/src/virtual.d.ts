declare module 'virtual:messages/*' {
  const table: Readonly<Record<string, import('./lib/i18n/format.js').Compiled>>;
  export default table;
}
