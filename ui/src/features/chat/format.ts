/** A text area at rest. */
export interface Writing {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What to do with a text area: replace a stretch, then select one. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly start: number;
  readonly end: number;
}

export type Format =
  | 'bold'
  | 'italic'
  | 'strike'
  | 'code'
  | 'block'
  | 'quote'
  | 'list'
  | 'numbers'
  | 'checks'
  | 'link'
  | 'table';

const around = { bold: '**', italic: '*', strike: '~~', code: '`' } as const;
const before = { quote: '> ', list: '- ', numbers: '1. ', checks: '- [ ] ' } as const;
const anyMarker = /^(?:> |[-*] \[[ xX]\] |[-*] |\d+\. )/;
const skeleton = '|  |  |\n| --- | --- |\n|  |  |';

/** Puts a format on what is selected, or takes it off again. */
export function format(writing: Writing, kind: Format): Change {
  switch (kind) {
    case 'bold':
    case 'italic':
    case 'strike':
    case 'code':
      return wrap(writing, around[kind]);
    case 'quote':
    case 'list':
    case 'numbers':
    case 'checks':
      return mark(writing, kind);
    case 'link':
      return link(writing);
    case 'block':
      return paragraph(writing, (selected) => ['```\n', selected, '\n```']);
    case 'table':
      return paragraph(writing, () => ['| ', '', skeleton.slice(2)]);
    default:
      return kind satisfies never;
  }
}

function wrap({ text, start, end }: Writing, sign: string): Change {
  const selected = text.slice(start, end);
  const { length } = sign;
  const single = sign.length === 1;
  const outside = text.slice(start - length, start) === sign && text.slice(end, end + length) === sign;
  // One star inside two is bold, not italic.
  const doubled = single && text[start - 2] === sign && text[end + 1] === sign;
  if (outside && !doubled)
    return {
      from: start - length,
      to: end + length,
      insert: selected,
      start: start - length,
      end: end - length,
    };
  const [, lead = '', core = '', trail = ''] = /^(\s*)(.*?)(\s*)$/s.exec(selected) ?? [];
  const at = start + lead.length + length;
  return {
    from: start,
    to: end,
    insert: lead + sign + core + sign + trail,
    start: at,
    end: at + core.length,
  };
}

/** Whole lines get a marker, or lose it when all have it. */
function mark({ text, start, end }: Writing, kind: keyof typeof before): Change {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split('\n');
  const wanted = (at: number) => (kind === 'numbers' ? `${at + 1}. ` : before[kind]);
  const has = (line: string) =>
    kind === 'numbers' ? /^\d+\. /.test(line) : anyMarker.exec(line)?.[0] === before[kind];
  const on = !lines.every(has);
  const insert = lines
    .map((line, at) => (on ? wanted(at) : '') + line.replace(kind === 'quote' && on ? /^$/ : anyMarker, ''))
    .join('\n');
  const caret = from + insert.length;
  return { from, to, insert, start: start === end ? caret : from, end: caret };
}

function link({ text, start, end }: Writing): Change {
  const selected = text.slice(start, end);
  const isAddress = /^(https?:\/\/|mailto:)\S+$/.test(selected);
  const insert = isAddress ? `[](${selected})` : `[${selected}](https://)`;
  const at = isAddress || selected === '' ? start + 1 : start + insert.length - 1;
  return { from: start, to: end, insert, start: at, end: at };
}

/** Something that needs lines of its own. */
function paragraph(writing: Writing, build: (selected: string) => [string, string, string]): Change {
  const { text, start, end } = writing;
  const [lead, core, trail] = build(text.slice(start, end));
  const open = start > 0 && text[start - 1] !== '\n' ? '\n' : '';
  const close = end < text.length && text[end] !== '\n' ? '\n' : '';
  const at = start + open.length + lead.length;
  return {
    from: start,
    to: end,
    insert: open + lead + core + trail + close,
    start: at,
    end: at + core.length,
  };
}

/** A new line in a list goes on with it; on an empty item it ends the list. null: nothing special. */
export function newLine({ text, start, end }: Writing): Change | null {
  if (start !== end) return null;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const line = text.slice(from, start);
  const [, indent = '', marker = ''] = /^(\s*)(> |[-*] \[[ xX]\] |[-*] |\d+\. )/.exec(line) ?? [];
  if (marker === '') return null;
  if (line === indent + marker) return { from, to: start, insert: '', start: from, end: from };
  const next = marker.replace(/\[[xX]\]/, '[ ]').replace(/\d+/, (count) => String(Number(count) + 1));
  const insert = `\n${indent}${next}`;
  return { from: start, to: start, insert, start: start + insert.length, end: start + insert.length };
}

/** An address pasted onto selected words makes them a link. null: paste it as it is. */
export function pastedLink({ text, start, end }: Writing, pasted: string): Change | null {
  const selected = text.slice(start, end);
  if (selected === '' || selected.includes('\n') || !/^https?:\/\/\S+$/.test(pasted.trim())) return null;
  if (/^https?:\/\//.test(selected)) return null;
  const insert = `[${selected}](${pasted.trim()})`;
  return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length };
}
