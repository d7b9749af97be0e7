const mostLines = 24;
const lineLength = 90;

/** Whether a message is so long that it is folded: counted from its text, so that nothing has to be measured. */
export function isLong(text: string): boolean {
  let lines = 0;
  for (const line of text.split('\n')) {
    lines += Math.max(1, Math.ceil(line.length / lineLength));
    if (lines > mostLines) return true;
  }
  return false;
}
