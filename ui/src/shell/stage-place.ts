/** Where the floating stage rests. */
export const corners = ['topLeft', 'topRight', 'bottomRight', 'bottomLeft'] as const;
export type Corner = (typeof corners)[number];

export const cornerOf = (text: string | null): Corner | null => corners.find((one) => one === text) ?? null;

/** The next corner, clockwise. */
export const nextCorner = (corner: Corner): Corner =>
  corners[(corners.indexOf(corner) + 1) % corners.length] ?? corner;

const join = (top: boolean, left: boolean): Corner =>
  top ? (left ? 'topLeft' : 'topRight') : left ? 'bottomLeft' : 'bottomRight';

const isTop = (corner: Corner): boolean => corner.startsWith('top');
const isLeft = (corner: Corner): boolean => corner.endsWith('Left');

/** Where an arrow key leads from a corner; null: it is no arrow. */
export function cornerByKey(corner: Corner, key: string): Corner | null {
  switch (key) {
    case 'ArrowUp':
      return join(true, isLeft(corner));
    case 'ArrowDown':
      return join(false, isLeft(corner));
    case 'ArrowLeft':
      return join(isTop(corner), true);
    case 'ArrowRight':
      return join(isTop(corner), false);
    default:
      return null;
  }
}

/** The corner nearest to the middle of something. */
export function cornerAt(middle: { x: number; y: number }, area: { width: number; height: number }): Corner {
  return join(middle.y < area.height / 2, middle.x < area.width / 2);
}

/** How far a thumb may tremble before it drags, in pixels. */
const slack = 6;

/**
 * Lets an element be dragged by finger, pen or mouse. A press that does not move stays a press. moved tells how
 * far it is from its place, dropped where its middle was left.
 */
export function draggable(
  element: HTMLElement,
  on: {
    moved: (by: { x: number; y: number }) => void;
    dropped: (middle: { x: number; y: number } | null) => void;
  },
): () => void {
  let from: { id: number; x: number; y: number } | null = null;
  let dragging = false;

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || from) return;
    from = { id: event.pointerId, x: event.clientX, y: event.clientY };
    dragging = false;
  };
  const move = (event: PointerEvent) => {
    if (event.pointerId !== from?.id) return;
    const by = { x: event.clientX - from.x, y: event.clientY - from.y };
    if (!dragging && Math.hypot(by.x, by.y) < slack) return;
    if (!dragging) element.setPointerCapture(event.pointerId);
    dragging = true;
    on.moved(by);
  };
  const end = (event: PointerEvent) => {
    if (event.pointerId !== from?.id) return;
    from = null;
    if (!dragging) return;
    const { left, top, width, height } = element.getBoundingClientRect();
    on.dropped(event.type === 'pointerup' ? { x: left + width / 2, y: top + height / 2 } : null);
    // The press that ends a drag presses nothing.
    const swallow = (click: Event) => click.stopPropagation();
    element.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => element.removeEventListener('click', swallow, { capture: true }));
  };
  const kinds = [
    ['pointerdown', down],
    ['pointermove', move],
    ['pointerup', end],
    ['pointercancel', end],
  ] as const;
  for (const [kind, listener] of kinds) element.addEventListener(kind, listener);
  return () => {
    for (const [kind, listener] of kinds) element.removeEventListener(kind, listener);
  };
}
