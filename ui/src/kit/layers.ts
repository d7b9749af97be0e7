import type { Component } from 'svelte';
import { Late } from './late.svelte.js';
import type { MenuProps, PopoverProps, TakeOver } from './menu.js';

export const menuLayer = new Late<Component<MenuProps & { takeOver: TakeOver }>>(
  () => import('./MenuLayer.svelte'),
);

export const popoverLayer = new Late<Component<PopoverProps & { takeOver: TakeOver }>>(
  () => import('./PopoverLayer.svelte'),
);

/** The words of a tip and what they belong to; onlost says that it is gone. */
export interface TipProps {
  readonly target: Element;
  readonly text: string;
  readonly onlost: () => void;
}

export const tipLayer = new Late<Component<TipProps>>(() => import('./TipLayer.svelte'));

/** Fetches the layers once the page has nothing better to do. Call the result to give up. */
export function warmLayers(): () => void {
  const timer = setTimeout(() => {
    menuLayer.want();
    popoverLayer.want();
    tipLayer.want();
  }, 1_500);
  return () => clearTimeout(timer);
}
