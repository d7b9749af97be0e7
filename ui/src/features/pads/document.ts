import * as Y from 'yjs';
import { fromBase64 } from '../../lib/crypto/bytes.js';

/** The part of the Yjs document that holds the text. */
export const fieldName = 'text';

/**
 * The first update of every text pad, made by client 1: an empty title and an empty paragraph.
 * It must never change, or pads begun with different ones would have two titles.
 */
export const birth = fromBase64('AQIBAAcBBHRleHQDBXRpdGxlhwEAAwlwYXJhZ3JhcGgA');

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
