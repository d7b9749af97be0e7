import { t } from '../lib/i18n/index.svelte.js';
import { type Command, commands, type PaletteItem, providers } from '../lib/palette.js';
import { session } from '../lib/session.svelte.js';

export interface Group {
  readonly id: string;
  readonly title: string;
  readonly items: readonly PaletteItem[];
}

const perGroup = 6;
/** Commands stand before providers of this order and above, whose hits come late and must not slip under the finger. */
const commandOrder = 70;

/** One search through everything that registered itself, and the line that is marked. */
export class Search {
  query = $state('');
  marked = $state(0);
  failed = $state(false);
  #found = $state.raw<Readonly<Record<string, readonly PaletteItem[]>>>({});

  groups = $derived.by(() => this.#groups());
  items = $derived(this.groups.flatMap((group) => group.items));
  current = $derived(this.items[Math.min(this.marked, this.items.length - 1)]);

  /** Asks all providers; call the result to abandon the question. */
  ask(): () => void {
    const running = new AbortController();
    const query = this.query.trim();
    this.marked = 0;
    this.failed = false;
    for (const provider of providers.items.filter((one) => session.may(one.access ?? 'member'))) {
      provider.search(query, running.signal).then(
        (items) => {
          if (!running.signal.aborted)
            this.#found = { ...this.#found, [provider.id]: items.slice(0, perGroup) };
        },
        () => {
          if (!running.signal.aborted) this.failed = true;
        },
      );
    }
    return () => running.abort();
  }

  move(by: number): void {
    const count = this.items.length;
    if (count > 0) this.marked = (Math.min(this.marked, count - 1) + by + count) % count;
  }

  #groups(): Group[] {
    const found = (late: boolean) =>
      providers.items
        .filter((one) => (one.order ?? 0) >= commandOrder === late)
        .map((one) => ({ id: one.id, title: t(one.title), items: this.#found[one.id] ?? [] }));
    const own = { id: 'commands', title: t('shell.palette.commands'), items: this.#commands() };
    return [...found(false), own, ...found(true)].filter((group) => group.items.length > 0);
  }

  #commands(): PaletteItem[] {
    const words = this.query.trim().toLocaleLowerCase().split(/\s+/);
    return commands.items
      .filter((one) => session.may(one.access ?? 'member'))
      .map(asItem)
      .filter((item) => words.every((word) => item.label.toLocaleLowerCase().includes(word)));
  }
}

function asItem(command: Command): PaletteItem {
  const shown = { id: command.id, label: t(command.label), icon: command.icon, hint: command.keys };
  return 'href' in command ? { ...shown, href: command.href } : { ...shown, run: command.run };
}
