import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { toBase64 } from '../../lib/crypto/bytes.js';
import { birth, birthOf, fieldOf, textIn, titleIn } from './document.js';

function born(): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, birth);
  return doc;
}

function write(doc: Y.Doc, at: number, text: string): void {
  const block = fieldOf(doc).get(at);
  if (block instanceof Y.XmlElement) block.insert(0, [new Y.XmlText(text)]);
}

describe('the document of a pad', () => {
  it('begins with an empty title and an empty paragraph', () => {
    expect(fieldOf(born()).toString()).toBe('<title></title><paragraph></paragraph>');
    expect(titleIn(born())).toBe('');
  });

  it('has one title when two people begin at the same time', () => {
    const [ada, ben] = [born(), born()];
    write(ada, 0, 'Haushalt');
    write(ben, 1, 'Entwurf');
    Y.applyUpdate(ada, Y.encodeStateAsUpdate(ben));
    Y.applyUpdate(ben, Y.encodeStateAsUpdate(ada));
    expect(textIn(ada)).toBe('Haushalt\nEntwurf');
    expect(textIn(ben)).toBe(textIn(ada));
    expect(titleIn(ben)).toBe('Haushalt');
  });

  it('has the title with which it was made once, whoever opens it first', () => {
    const [ada, ben] = [new Y.Doc(), new Y.Doc()];
    Y.applyUpdate(ada, birthOf('Haushalt 2027'));
    Y.applyUpdate(ben, birthOf('Haushalt 2027'));
    write(ben, 1, 'Entwurf');
    Y.applyUpdate(ada, Y.encodeStateAsUpdate(ben));
    Y.applyUpdate(ben, Y.encodeStateAsUpdate(ada));
    expect(textIn(ada)).toBe('Haushalt 2027\nEntwurf');
    expect(textIn(ben)).toBe(textIn(ada));
  });

  it('is made of the same bytes for ever, or old and new programs would write two titles', () => {
    expect(toBase64(birthOf('Rat'))).toBe(
      'AgMCAAcAAQAGBAACAANSYXQHAAEBBgIBAAcBBHRleHQDBXRpdGxlhwEAAwlwYXJhZ3JhcGgA',
    );
  });

  it('gives its words without marks', () => {
    const doc = born();
    write(doc, 1, 'ein Wort');
    const block = fieldOf(doc).get(1);
    const text = block instanceof Y.XmlElement ? block.get(0) : null;
    if (text instanceof Y.XmlText) text.format(4, 4, { bold: {} });
    expect(textIn(doc)).toBe('\nein Wort');
  });

  it('is read as nothing when it is empty', () => {
    expect(titleIn(new Y.Doc())).toBe('');
    expect(textIn(new Y.Doc())).toBe('');
  });
});
