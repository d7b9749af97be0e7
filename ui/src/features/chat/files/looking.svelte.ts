import type { FileFacts } from './facts.js';

/** What is looked at in large: a row of pictures, or one document. */
class Looking {
  files = $state.raw<readonly FileFacts[]>([]);
  at = $state(0);
  zoom = $state(1);

  get current(): FileFacts | undefined {
    return this.files[this.at];
  }

  step(by: number): void {
    const next = this.at + by;
    if (next < 0 || next >= this.files.length) return;
    this.at = next;
    this.zoom = 1;
  }

  scale(factor: number): void {
    this.zoom = Math.min(6, Math.max(1, this.zoom * factor));
  }

  close(): void {
    this.files = [];
    this.zoom = 1;
  }
}

export const looking = new Looking();

export function look(files: readonly FileFacts[], file: FileFacts): void {
  looking.files = files;
  looking.at = Math.max(0, files.indexOf(file));
  looking.zoom = 1;
}
