import type { Attachment } from 'svelte/attachments';
import { SvelteMap } from 'svelte/reactivity';

/** Files that were dropped on a room of the list, until the room has opened. */
const handed = new SvelteMap<string, File[]>();

export const handOver = (room: string, files: File[]): void => void handed.set(room, files);

/** Takes what was dropped on a room. */
export function takeHanded(room: string): File[] {
  const files = handed.get(room) ?? [];
  if (files.length > 0) handed.delete(room);
  return files;
}

const carries = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Makes an element a place to drop files on. While they hover it has the attribute data-drop. */
export function dropZone(onfiles: (files: File[]) => void): Attachment<HTMLElement> {
  return (node) => {
    let inside = 0;
    const mark = (on: boolean) => node.toggleAttribute('data-drop', on);
    const enter = (event: DragEvent) => {
      if (!carries(event)) return;
      inside += 1;
      mark(true);
    };
    const over = (event: DragEvent) => {
      if (!carries(event) || !event.dataTransfer) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const leave = () => {
      inside = Math.max(0, inside - 1);
      if (inside === 0) mark(false);
    };
    const drop = (event: DragEvent) => {
      inside = 0;
      mark(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      onfiles(files);
    };
    const listeners = { dragenter: enter, dragover: over, dragleave: leave, drop } as const;
    const entries = Object.entries(listeners) as Array<['drop', (event: DragEvent) => void]>;
    for (const [name, listener] of entries) node.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of entries) node.removeEventListener(name, listener);
    };
  };
}

/** A file that misses its place must not replace the portal in the window. */
export function guardWindow(): () => void {
  const stop = (event: DragEvent) => {
    if (carries(event)) event.preventDefault();
  };
  addEventListener('dragover', stop);
  addEventListener('drop', stop);
  return () => {
    removeEventListener('dragover', stop);
    removeEventListener('drop', stop);
  };
}
