import { isLocale, type Locale } from '../i18n/index.svelte.js';
import { remember, remembered } from '../storage/local.js';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

const themes: readonly string[] = ['system', 'light', 'dark'] satisfies Theme[];

const isTheme = (text: string): text is Theme => themes.includes(text);

/** What a person chose on this device. Applied at once, remembered in this browser. */
class Preferences {
  #theme = $state<Theme>('system');
  #density = $state<Density>('comfortable');
  #locale = $state<Locale | null>(null);
  #columnWidth = $state(300);

  constructor() {
    const theme = remembered('theme') ?? '';
    const locale = remembered('locale');
    const width = Number(remembered('column'));
    if (isTheme(theme)) this.#theme = theme;
    if (remembered('density') === 'compact') this.#density = 'compact';
    if (isLocale(locale)) this.#locale = locale;
    if (width >= 220 && width <= 420) this.#columnWidth = width;
  }

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    remember('theme', theme);
    this.apply();
  }

  get density(): Density {
    return this.#density;
  }

  set density(density: Density) {
    this.#density = density;
    remember('density', density);
    this.apply();
  }

  /** null: the language of the town. */
  get locale(): Locale | null {
    return this.#locale;
  }

  set locale(locale: Locale | null) {
    this.#locale = locale;
    remember('locale', locale ?? '');
  }

  /** Width of the list column in CSS pixels. */
  get columnWidth(): number {
    return this.#columnWidth;
  }

  set columnWidth(width: number) {
    this.#columnWidth = width;
    remember('column', String(width));
  }

  /** Takes over what the person chose on another device; empty means no choice. */
  adopt(chosen: { readonly theme: string; readonly density: string; readonly locale: string }): void {
    if (isTheme(chosen.theme)) this.theme = chosen.theme;
    if (chosen.density === 'compact') this.density = 'compact';
    if (isLocale(chosen.locale)) this.locale = chosen.locale;
  }

  /** Writes theme and density to the document. */
  apply(root: HTMLElement = document.documentElement): void {
    if (this.#theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = this.#theme;
    root.dataset.density = this.#density;
  }
}

export const preferences = new Preferences();
