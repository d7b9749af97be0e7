import type { LucideIcon } from '@lucide/svelte';
import type { Snippet } from 'svelte';

export type MenuItem =
  | {
      id: string;
      label: string;
      icon?: LucideIcon;
      /** A short second line or a shortcut. */
      hint?: string;
      danger?: boolean;
      disabled?: boolean;
      href?: string;
      onselect?: () => void;
    }
  | { separator: string };

export type Placement = 'bottom-start' | 'bottom-end' | 'top-start' | 'top-end' | 'right-end' | 'right-start';

/** What a trigger snippet has to put on its button. */
export type TriggerAttributes = Record<string, unknown>;

/** How a layer takes over from the plain button that stood there before it was loaded. */
export interface TakeOver {
  /** The button was pressed already. */
  readonly open: boolean;
  /** The button had the focus. */
  readonly focus: boolean;
}

export interface MenuProps {
  items: readonly MenuItem[];
  /** The button: {#snippet trigger(attributes)}<Button {...attributes}>…</Button>{/snippet} */
  trigger: Snippet<[TriggerAttributes]>;
  placement?: Placement;
  /** Told when it opens and closes: what carries the button must stay while it is open. */
  onopen?: ((open: boolean) => void) | undefined;
}

export interface PopoverProps {
  /** Names the layer for screen readers and stands at its top. */
  title: string;
  trigger: Snippet<[TriggerAttributes]>;
  /** Gets a function that closes the layer. */
  children: Snippet<[() => void]>;
  placement?: Placement;
}
