/** "Ada Lovelace" → "AL", "Bauamt" → "B". Titles and prepositions do not count. */
export function initials(name: string): string {
  const skipped = /^(dr|prof|ing|von|van|de|der|zu|und|the|of)\.?$/i;
  const words = name
    .split(/[\s\-–/,.()]+/u)
    .filter((word) => /^\p{L}|^\p{N}/u.test(word) && !skipped.test(word));
  const [first, last] = [words[0], words.length > 1 ? words[words.length - 1] : undefined];
  const letter = (word?: string) => (word ? ([...word][0] ?? '').toLocaleUpperCase() : '');
  return letter(first) + letter(last) || '?';
}

/** The same hue for the same person everywhere, spread over twelve easily told apart. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const char of id) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return (hash % 12) * 30 + 10;
}
