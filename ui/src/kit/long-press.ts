import type { Attachment } from 'svelte/attachments';

const after = 450;
const slip = 10;

/** Calls back when a finger rests on the element. Scrolling and selecting are left alone. */
export function longPress(held: () => void): Attachment<HTMLElement> {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let [x, y] = [0, 0];
    let done = false;
    const stop = () => clearTimeout(timer);
    const begin = (event: PointerEvent) => {
      stop();
      done = false;
      if (event.pointerType === 'mouse') return;
      [x, y] = [event.clientX, event.clientY];
      timer = setTimeout(() => {
        done = true;
        held();
      }, after);
    };
    const move = (event: PointerEvent) => Math.hypot(event.clientX - x, event.clientY - y) > slip && stop();
    // What the finger lets go of must not be pressed as well, and no second menu comes.
    const swallow = (event: Event) => {
      if (!done) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.type === 'click') done = false;
    };
    element.addEventListener('pointerdown', begin);
    element.addEventListener('pointermove', move);
    for (const end of ['pointerup', 'pointercancel', 'pointerleave']) element.addEventListener(end, stop);
    element.addEventListener('click', swallow, true);
    element.addEventListener('contextmenu', swallow);
    return () => {
      stop();
      element.removeEventListener('pointerdown', begin);
      element.removeEventListener('pointermove', move);
      for (const end of ['pointerup', 'pointercancel', 'pointerleave'])
        element.removeEventListener(end, stop);
      element.removeEventListener('click', swallow, true);
      element.removeEventListener('contextmenu', swallow);
    };
  };
}
