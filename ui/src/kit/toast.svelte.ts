import { announce } from '../lib/a11y/announcer.svelte.js';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'bad';
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

const longest = 3;

class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  #next = 1;

  /** Says what happened for a few seconds. What must not be missed belongs into the page. */
  show(text: string, options: Partial<Pick<Toast, 'tone' | 'action'>> = {}): () => void {
    const toast: Toast = { id: this.#next++, text, tone: options.tone ?? 'plain', action: options.action };
    this.shown = [...this.shown, toast].slice(-longest);
    announce(text, toast.tone === 'bad' ? 'assertive' : 'polite');
    const drop = () => this.drop(toast.id);
    setTimeout(drop, toast.action || toast.tone === 'bad' ? 12_000 : 6_000);
    return drop;
  }

  drop(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
