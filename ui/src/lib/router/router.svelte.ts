import { compile, type Pattern } from './match.js';
import { paths, type Query } from './paths.js';
import type { Page, Route } from './route.js';

export interface Place {
  readonly route: Route | null;
  readonly params: Readonly<Record<string, string>>;
  readonly url: URL;
}

interface GoOptions {
  replace?: boolean;
  /** Leaves the focus where it is, as when only a filter in the query changes. */
  keepFocus?: boolean;
}

/** Asked before leaving; true means there is something to lose. */
export type Unsaved = () => boolean;

/** The one router: history, the current page, its title, unsaved work. */
export class Router {
  /** Where we are, as soon as its page is loaded. */
  place = $state.raw<Place>({ route: null, params: {}, url: new URL(location.href) });
  page = $state.raw<Page | null>(null);
  title = $state<string | null>(null);
  loading = $state(false);
  failed = $state.raw<unknown>(null);
  /** An address somebody wanted while unsaved work was open; the shell asks. */
  wanted = $state.raw<string | null>(null);
  /** Rises with every navigation that should move the focus to the new page's heading. */
  arrivals = $state(0);

  #table: Array<{ pattern: Pattern; route: Route }> = [];
  #loaded = new Map<Route['load'], Page>();
  #guards = new Set<Unsaved>();
  #run = 0;

  /** Learns which addresses there are, so that the first page can be fetched before anything is shown. */
  learn(routes: readonly Route[]): void {
    this.#table = routes
      .map((route) => ({ pattern: compile(paths[route.name]), route }))
      .sort((a, b) => b.pattern.weight - a.pattern.weight);
  }

  /** Takes over the history; call the result to stop. */
  start(routes: readonly Route[]): () => void {
    this.learn(routes);
    const back = () => this.#popped();
    const click = (event: MouseEvent) => this.#clicked(event);
    const close = (event: BeforeUnloadEvent) => {
      if (this.#unsaved()) event.preventDefault();
    };
    addEventListener('popstate', back);
    addEventListener('beforeunload', close);
    document.addEventListener('click', click);
    void this.#show(new URL(location.href), {});
    return () => {
      removeEventListener('popstate', back);
      removeEventListener('beforeunload', close);
      document.removeEventListener('click', click);
    };
  }

  /** Goes to an address of the portal; see href() for building one. */
  go(address: string, options: GoOptions = {}): void {
    const url = new URL(address, location.href);
    if (this.#unsaved() && url.pathname !== this.place.url.pathname) {
      this.wanted = address;
      return;
    }
    this.#move(url, options);
  }

  /** Leaves despite unsaved work. */
  leave(): void {
    const address = this.wanted;
    this.wanted = null;
    this.#guards.clear();
    if (address !== null) this.#move(new URL(address, location.href), {});
  }

  stay(): void {
    this.wanted = null;
  }

  /** Changes only the query, for filters and tabs. A page that is being left changes nothing any more. */
  setQuery(query: Query): void {
    const url = new URL(location.href);
    if (url.pathname !== this.place.url.pathname) return;
    for (const [key, value] of Object.entries(query)) {
      if (value === undefined || value === '') url.searchParams.delete(key);
      else url.searchParams.set(key, String(value));
    }
    this.#move(url, { replace: true, keepFocus: true });
  }

  query(name: string): string | null {
    return this.place.url.searchParams.get(name);
  }

  /** A better title than the route's, such as the room's name. */
  setTitle(text: string): void {
    this.title = text;
  }

  /** Registers unsaved work; call the result when it is saved or gone. */
  guard(unsaved: Unsaved): () => void {
    this.#guards.add(unsaved);
    return () => this.#guards.delete(unsaved);
  }

  /** Loads the current page again, after a failure. */
  retry(): void {
    void this.#show(new URL(location.href), {});
  }

  /** Fetches a page's code ahead of a likely visit. */
  prefetch(address: string): void {
    const hit = this.resolve(new URL(address, location.href));
    if (hit.route && !this.#loaded.has(hit.route.load)) void this.#load(hit.route).catch(() => undefined);
  }

  resolve(url: URL): Place {
    for (const { pattern, route } of this.#table) {
      const params = pattern.match(url.pathname);
      if (params) return { route, params, url };
    }
    return { route: null, params: {}, url };
  }

  #unsaved(): boolean {
    return [...this.#guards].some((unsaved) => unsaved());
  }

  #move(url: URL, options: GoOptions): void {
    if (options.replace || url.href === location.href) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    void this.#show(url, options);
  }

  #popped(): void {
    const target = location.href;
    if (!this.#unsaved()) {
      void this.#show(new URL(target), {});
      return;
    }
    history.pushState(null, '', this.place.url);
    this.wanted = target;
  }

  #clicked(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.href || link.target || link.hasAttribute('download') || link.origin !== location.origin)
      return;
    if (link.pathname.startsWith('/api/') || (link.hash !== '' && link.pathname === location.pathname))
      return;
    event.preventDefault();
    this.go(link.href);
  }

  async #load(route: Route): Promise<Page> {
    const known = this.#loaded.get(route.load);
    if (known) return known;
    // A page without props simply ignores params.
    const page = (await route.load()).default as Page;
    this.#loaded.set(route.load, page);
    return page;
  }

  async #show(url: URL, options: GoOptions): Promise<void> {
    const run = ++this.#run;
    const next = this.resolve(url);
    this.loading = true;
    try {
      const page = next.route ? await this.#load(next.route) : null;
      if (run !== this.#run) return;
      this.failed = null;
      this.#arrive(next, page, options);
    } catch (cause) {
      if (run !== this.#run) return;
      this.failed = cause;
      this.#arrive(next, null, options);
    } finally {
      if (run === this.#run) this.loading = false;
    }
  }

  #arrive(next: Place, page: Page | null, options: GoOptions): void {
    const moved = next.url.pathname !== this.place.url.pathname || this.place.route === null;
    if (moved) this.title = null;
    this.place = next;
    this.page = page;
    if (moved && !options.keepFocus) this.arrivals += 1;
  }
}

export const router = new Router();
