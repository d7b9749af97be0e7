/** Moves the focus to the heading of the page, as a full page load would. */
export function focusHeading(): void {
  const target =
    document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('h1, main');
  if (!target) return;
  if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
  target.focus({ preventScroll: false });
}

const visible = (element: HTMLElement) => element.getClientRects().length > 0;

/** The regions of the window in reading order: only the innermost that are on the screen. */
function regions(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => visible(region) && ![...region.querySelectorAll<HTMLElement>('[data-region]')].some(visible),
  );
}

/** F6 and Shift+F6 go from region to region. Call the result to stop. */
export function watchRegions(): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return;
    const all = regions();
    const here = all.findIndex((region) => region.contains(document.activeElement));
    const next = event.shiftKey ? (here <= 0 ? all.length : here) - 1 : (here + 1) % all.length;
    const target = all[next];
    if (!target) return;
    event.preventDefault();
    target.focus();
  };
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}

/**
 * Arrow keys within a list of elements that share one tab stop. Returns the element to focus,
 * or null when the key does not move.
 */
export function rove(
  event: KeyboardEvent,
  items: readonly HTMLElement[],
  axis: 'block' | 'inline' = 'block',
): HTMLElement | null {
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const [back, on] = axis === 'block' ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
  switch (event.key) {
    case back:
      return items[Math.max(0, at - 1)] ?? null;
    case on:
      return items[Math.min(items.length - 1, at + 1)] ?? null;
    case 'Home':
      return items[0] ?? null;
    case 'End':
      return items[items.length - 1] ?? null;
    default:
      return null;
  }
}
