import { type Editor, posToDOMRect } from '@tiptap/core';

/** A part of the screen, in pixels of the window. */
export interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const gap = 10;
const margin = 8;

/**
 * Where the tools of a selection stand: above it, below it when there is no room above, and never on it as
 * long as one of the two is free. The free part of the screen begins below the header and the title.
 */
export function placeTools(
  selection: Box,
  tools: { readonly width: number; readonly height: number },
  free: Box,
): { readonly x: number; readonly y: number } {
  const above = selection.top - gap - tools.height;
  const below = selection.bottom + gap;
  const lowest = free.bottom - tools.height - margin;
  const y = above >= free.top ? above : Math.max(free.top, Math.min(below, lowest));
  const middle = (selection.left + selection.right - tools.width) / 2;
  const x = Math.max(free.left + margin, Math.min(middle, free.right - tools.width - margin));
  return { x: Math.round(x), y: Math.round(y) };
}

/** Whether anything of the selection can be seen. */
export const inSight = (selection: Box, sheet: Box): boolean =>
  selection.bottom > sheet.top && selection.top < sheet.bottom;

/** Where the tools stand over what is selected now; away: nothing of it can be seen. */
export function placeOver(editor: Editor, tools: HTMLElement): { x: number; y: number; away: boolean } {
  const { from, to } = editor.state.selection;
  const selection = posToDOMRect(editor.view, from, to);
  const sheet = (tools.parentElement ?? document.body).getBoundingClientRect();
  const title = editor.view.dom.firstElementChild?.getBoundingClientRect().bottom ?? sheet.top;
  const { left, right, bottom } = sheet;
  const size = { width: tools.offsetWidth, height: tools.offsetHeight };
  const free = { top: Math.max(sheet.top, title), bottom, left, right };
  return { ...placeTools(selection, size, free), away: !inSight(selection, sheet) };
}

/** Calls settle now and whenever something scrolls or the window changes; call the result to stop. */
export function whileMoving(settle: () => void): () => void {
  settle();
  addEventListener('resize', settle);
  // The sheet scrolls, not the window.
  addEventListener('scroll', settle, { capture: true, passive: true });
  return () => {
    removeEventListener('resize', settle);
    removeEventListener('scroll', settle, { capture: true });
  };
}
