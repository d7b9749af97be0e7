import { ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';

/**
 * Gives every new empty line its text at once. The binding of the editor would make it with the first letter only: two
 * people who begin to write in the same line at the same moment would make two, and the binding then drops one of them
 * with the letters that are just being written into it. The text counts as the editor's own, so that undoing takes it
 * away together with its line; what undoing and redoing bring back stays as it was.
 */
export function shareEmptyLines(doc: Y.Doc, isLine: (name: string) => boolean): () => void {
  const added = (transaction: Y.Transaction): void => {
    if (!transaction.local || transaction.origin instanceof Y.UndoManager) return;
    const isNew = ({ _item }: Y.XmlElement) =>
      _item !== null && _item.id.clock >= (transaction.beforeState.get(_item.id.client) ?? 0);
    const empty: Y.XmlElement[] = [];
    const visit = (parent: Y.XmlFragment): void => {
      for (const child of parent.toArray()) {
        if (!(child instanceof Y.XmlElement) || !isNew(child)) continue;
        if (isLine(child.nodeName) && child.length === 0) empty.push(child);
        else visit(child);
      }
    };
    for (const parent of transaction.changed.keys()) if (parent instanceof Y.XmlFragment) visit(parent);
    if (empty.length === 0) return;
    doc.transact(() => {
      for (const line of empty) line.insert(0, [new Y.XmlText()]);
    }, ySyncPluginKey);
  };
  doc.on('afterTransaction', added);
  return () => doc.off('afterTransaction', added);
}
