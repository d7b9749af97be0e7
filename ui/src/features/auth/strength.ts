/** What to say about a password while it is typed. The server decides; this only helps. */
export type Verdict =
  | { readonly say: 'rule' }
  | { readonly say: 'missing'; readonly count: number }
  | { readonly say: 'same' | 'known' | 'good' | 'great' };

const lettersBesidesNames = 5;
const great = 20;

/** Judges by length and variety; no rules about digits and signs. `known` are names that a stranger can guess. */
export function judge(password: string, min: number, known: readonly string[]): Verdict {
  const length = [...password].length;
  if (length === 0) return { say: 'rule' };
  if (length < min) return { say: 'missing', count: min - length };
  const plain = password.toLocaleLowerCase();
  if (new Set(plain).size < 5) return { say: 'same' };
  if (isNamed(plain, known)) return { say: 'known' };
  return { say: length >= great && /[\s\-_.]/.test(password.trim()) ? 'great' : 'good' };
}

function isNamed(plain: string, known: readonly string[]): boolean {
  let rest = plain;
  for (const word of known.flatMap((text) => text.toLocaleLowerCase().split(/[^\p{L}]+/u)))
    if (word.length >= 3) rest = rest.replaceAll(word, '');
  return rest !== plain && rest.replace(/[^\p{L}]/gu, '').length < lettersBesidesNames;
}
