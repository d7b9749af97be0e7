import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const shots = resolve(import.meta.dirname, '../../../test-results');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

function executable(): string {
  const known = [
    process.env.RATHAUS_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const found = known.find((path) => path && existsSync(path));
  if (!found) throw new Error('Chromium is missing: install it, or set RATHAUS_CHROMIUM to its path');
  return found;
}

/**
 * What Chromium leaves out. A second list replaces the first, so it repeats what the driver would leave out and matters here; the popups
 * of the address bar, which nobody sees here, would take a process and a second of work in every new window.
 */
const features = [
  'AimEnabled',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'TcpPortRandomizationWin',
  'ThirdPartyStoragePartitioning',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'DestroyProfileOnBrowserClose',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
];

/** Starts Chromium with a fake camera and microphone that nobody has to allow. */
export async function openChromium(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: executable(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${features.join(',')}`,
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--auto-select-desktop-capture-source=Entire screen',
      ...more,
    ],
  });
}

export interface Looks {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly locale?: string;
  readonly touch?: boolean;
}

/** Somebody with a browser of their own: one context, nothing shared. */
export class Visitor {
  /** What must never happen: errors, refused policies, requests to elsewhere. */
  readonly trouble: string[] = [];

  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  /** Opens a browser window for somebody. `home` is the portal; nothing else may be asked. */
  static async arrive(browser: Browser, name: string, home: string, looks: Looks = {}): Promise<Visitor> {
    const context = await browser.newContext({
      baseURL: home,
      locale: looks.locale ?? 'de-DE',
      colorScheme: looks.dark ? 'dark' : 'light',
      viewport: { width: looks.width ?? 1280, height: looks.height ?? 800 },
      hasTouch: looks.touch ?? false,
      reducedMotion: 'reduce',
      permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(25_000);
    const visitor = new Visitor(name, context, await context.newPage());
    visitor.watch(visitor.page, [home]);
    return visitor;
  }

  /** Another tab of the same browser. */
  async tab(): Promise<Page> {
    const page = await this.context.newPage();
    this.watch(page, []);
    return page;
  }

  /** Lets requests go to one more origin, for sign-in elsewhere. */
  allow(origin: string): void {
    this.#origins.add(new URL(origin).origin);
  }

  readonly #origins = new Set<string>();

  private watch(page: Page, homes: string[]): void {
    for (const home of homes) this.allow(home);
    page.on('pageerror', (error) => this.trouble.push(`error: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      // The browser logs every refused request itself; tests that expect a refusal check it on the page.
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection to/.test(text)) {
        this.trouble.push(`console: ${text}`);
      }
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && !this.#origins.has(origin)) {
        this.trouble.push(`request to ${origin}`);
      }
    });
  }

  /** Fails if anything went wrong in this browser so far (000-15, 000-24). */
  expectNoTrouble(): void {
    expect(this.trouble, `${this.name}'s browser`).toEqual([]);
  }

  /** Fails if axe finds anything on the page once its fonts are there and nothing moves or changes colour any more. */
  async expectAccessible(what: string, page: Page = this.page): Promise<void> {
    await page.evaluate(settled);
    // The policy of the portal allows no foreign script, so axe comes through the debugger.
    const source = await axeSource();
    await page.evaluate(source);
    const violations = await page.evaluate(async (tags) => {
      // An open menu stands beside the landmarks, as it should: it is reached from its button alone.
      const layer = document.querySelector('body > * [role="menu"], body > * [role="listbox"]') !== null;
      // biome-ignore lint/suspicious/noExplicitAny: axe has put itself there
      const result = await (globalThis as any).axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        rules: { region: { enabled: !layer } },
      });
      return result.violations.flatMap(
        (v: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
          v.nodes.map(
            (n) =>
              `${v.id}: ${n.html.slice(0, 200)} — ${n.failureSummary.replace(/\s+/g, ' ').slice(0, 200)}`,
          ),
      );
    }, rules);
    expect(violations, `axe on ${what}`).toEqual([]);
  }

  /**
   * Takes pictures at both widths and in both themes into test-results/, and looks whether everything is within reach. Where nobody
   * looks at pictures (CI), none are taken.
   */
  async picture(name: string, page: Page = this.page): Promise<void> {
    const wanted = !process.env.CI;
    await mkdir(shots, { recursive: true });
    const before = page.viewportSize();
    for (const [width, height] of [
      [1280, 800],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.evaluate(settled);
      const lost = await page.evaluate(outOfReach);
      expect(lost, `beyond the sides of ${name} at ${width} px`).toEqual([]);
      for (const theme of wanted ? (['light', 'dark'] as const) : []) {
        await page.emulateMedia({ colorScheme: theme });
        // Without it a picture shows colours on their way from one theme to the other.
        await page.evaluate(settled);
        await page.screenshot({ path: join(shots, `${name}-${width}-${theme}.png`) });
      }
    }
    if (wanted) await page.emulateMedia({ colorScheme: 'light' });
    if (before) await page.setViewportSize(before);
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

let source: string | undefined;

async function axeSource(): Promise<string> {
  if (!source) {
    const { readFile } = await import('node:fs/promises');
    source = await readFile(axe, 'utf8');
  }
  return source;
}

/** Runs in the page. Movements without an end, such as those of what waits, do not count. */
async function settled(): Promise<void> {
  await document.fonts.ready;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await frame();
  const ending = document
    .getAnimations()
    .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime ?? Number.POSITIVE_INFINITY));
  await Promise.all(ending.map((one) => one.finished.catch(() => undefined)));
}

/** Runs in the page. What can be pressed or filled in must not lie beyond the sides of the window, unless one can scroll there. */
function outOfReach(): string[] {
  const scrolls = (element: Element | null): boolean =>
    element !== null &&
    ((/auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth) ||
      scrolls(element.parentElement));
  return [...document.querySelectorAll('button, input, select, textarea, a[href], [role="button"]')]
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return (
        width > 1 && (right > innerWidth + 1 || left < -1) && element.checkVisibility() && !scrolls(element)
      );
    })
    .map(
      (element) =>
        element.getAttribute('aria-label') ??
        element.textContent?.trim().slice(0, 60) ??
        element.outerHTML.slice(0, 100),
    );
}
