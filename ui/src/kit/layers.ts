import type { Component } from 'svelte';
import { Late } from './late.svelte.js';
import type { MenuProps, PopoverProps, TakeOver } from './menu.js';

export const menuLayer = new Late<Component<MenuProps & { takeOver: TakeOver }>>(
  () => import('./MenuLayer.svelte'),
);

export const popoverLayer = new Late<Component<PopoverProps & { takeOver: TakeOver }>>(
  () => import('./PopoverLayer.svelte'),
);

/** Fetches the layers once the page has nothing better to do. Call the result to give up. */
export function warmLayers(): () => void {
  const timer = setTimeout(() => {
    menuLayer.want();
    popoverLayer.want();
  }, 1_500);
  return () => clearTimeout(timer);
}
