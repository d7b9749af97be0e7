import * as Y from 'yjs';
import { type Bytes, fromBase64 } from '../../lib/crypto/bytes.js';

/** The part of the Yjs document that holds the text. */
export const fieldName = 'text';

/**
 * What every text pad begins with, made by client 1: a title and a paragraph.
 * It must never change, or pads begun with different ones would have two titles.
 */
export const birth = fromBase64('AQIBAAcBBHRleHQDBXRpdGxlhwEAAwlwYXJhZ3JhcGgA');

/** The client that writes the title with which a pad was made, and the texts of its first lines. No editor is this client. */
const maker = 2;

/**
 * The first update of a pad: the title with which it was made, or an empty one, and an empty paragraph. Everybody who
 * opens the pad makes the same bytes and writes them into the same place, so the title stands there once, and people who
 * begin to write at the same moment write into the same line.
 */
export function birthOf(title: string): Bytes {
  const doc = new Y.Doc();
  doc.clientID = maker;
  Y.applyUpdate(doc, birth);
  const [first, second] = fieldOf(doc).toArray();
  if (first instanceof Y.XmlElement) first.insert(0, [new Y.XmlText(title)]);
  if (second instanceof Y.XmlElement) second.insert(0, [new Y.XmlText()]);
  const update = new Uint8Array(Y.encodeStateAsUpdate(doc));
  doc.destroy();
  return update;
}

export function fieldOf(doc: Y.Doc): Y.XmlFragment {
  return doc.getXmlFragment(fieldName);
}

/** The title of a document: the text of its first line. */
export function titleIn(doc: Y.Doc): string {
  const first = fieldOf(doc).get(0);
  return first instanceof Y.XmlElement
    ? plain(first).replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, 200)
    : '';
}

/** The readable text of a document, a line for each block. */
export function textIn(doc: Y.Doc): string {
  return fieldOf(doc)
    .toArray()
    .map((block) => plain(block))
    .join('\n')
    .replaceAll('\0', '')
    .slice(0, 500_000);
}

function plain(node: Y.XmlElement | Y.XmlText | Y.XmlHook): string {
  if (node instanceof Y.XmlText) {
    const parts: unknown[] = node.toDelta().map((part: { insert?: unknown }) => part.insert);
    return parts.filter((part) => typeof part === 'string').join('');
  }
  if (!(node instanceof Y.XmlElement)) return '';
  if (node.nodeName === 'hardBreak') return '\n';
  const inner = node.toArray().map(plain);
  return inner.join(node.nodeName === 'listItem' || node.nodeName === 'bulletList' ? '\n' : '');
}
