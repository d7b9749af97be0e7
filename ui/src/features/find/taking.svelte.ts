import { base, call, type components } from '../../lib/api/index.js';
import { language } from '../../lib/i18n/index.svelte.js';

type Progress = components['schemas']['ExportProgress'];

const lookEvery = 700;

/** One export: wished for, fetched by the browser's own download, followed until its end. */
export class Taking {
  progress = $state.raw<Progress | null>(null);
  error = $state.raw<unknown>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly running = $derived(this.progress?.state === 'ready' || this.progress?.state === 'running');

  async begin(room: string | null): Promise<void> {
    this.error = null;
    try {
      const lang = language.locale === 'en' ? 'en' : 'de';
      const made = await call('POST /exports', {
        body: room ? { kind: 'room', room, lang } : { kind: 'mine', lang },
      });
      this.progress = made;
      fetchArchive(`${base}/exports/${made.id}/archive`);
      this.#follow();
    } catch (cause) {
      this.error = cause;
    }
  }

  async cancel(): Promise<void> {
    if (!this.progress) return;
    await call('DELETE /exports/{export}', { path: { export: this.progress.id } }).catch((cause: unknown) => {
      this.error = cause;
    });
    await this.#look();
  }

  /** Stops looking; the download itself goes on. */
  leave(): void {
    clearTimeout(this.#timer);
  }

  #follow(): void {
    this.#timer = setTimeout(async () => {
      await this.#look();
      if (this.running) this.#follow();
    }, lookEvery);
  }

  async #look(): Promise<void> {
    if (!this.progress) return;
    try {
      this.progress = await call('GET /exports/{export}', { path: { export: this.progress.id } });
    } catch (cause) {
      this.error = cause;
      this.progress = null;
    }
  }
}

/** The browser writes it to the disk as it comes, however large it is. */
function fetchArchive(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}
