import type { LucideIcon } from '@lucide/svelte';
import Bold from '@lucide/svelte/icons/bold';
import Code from '@lucide/svelte/icons/code';
import Italic from '@lucide/svelte/icons/italic';
import Link from '@lucide/svelte/icons/link';
import List from '@lucide/svelte/icons/list';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import Quote from '@lucide/svelte/icons/quote';
import SquareCode from '@lucide/svelte/icons/square-code';
import Strikethrough from '@lucide/svelte/icons/strikethrough';
import Table from '@lucide/svelte/icons/table';
import type { Key } from '../../lib/i18n/index.svelte.js';
import type { Format } from './format.js';

export interface FormatTool {
  readonly id: Format;
  readonly icon: LucideIcon;
  readonly label: Key;
  readonly keys?: string;
  /** A new group begins here. */
  readonly apart?: boolean;
}

/** The formats of the bar, with the keys that do the same while writing. */
export const formats: readonly FormatTool[] = [
  { id: 'bold', icon: Bold, label: 'write.format.bold', keys: 'Mod+B' },
  { id: 'italic', icon: Italic, label: 'write.format.italic', keys: 'Mod+I' },
  { id: 'strike', icon: Strikethrough, label: 'write.format.strike', keys: 'Mod+Shift+X' },
  { id: 'link', icon: Link, label: 'write.format.link', keys: 'Mod+Shift+U', apart: true },
  { id: 'numbers', icon: ListOrdered, label: 'write.format.numbers', keys: 'Mod+Shift+7', apart: true },
  { id: 'list', icon: List, label: 'write.format.list', keys: 'Mod+Shift+8' },
  { id: 'checks', icon: ListChecks, label: 'write.format.checks', keys: 'Mod+Shift+9' },
  { id: 'quote', icon: Quote, label: 'write.format.quote', keys: 'Mod+Shift+6', apart: true },
  { id: 'code', icon: Code, label: 'write.format.code', keys: 'Mod+E' },
  { id: 'block', icon: SquareCode, label: 'write.format.block', keys: 'Mod+Alt+C' },
  { id: 'table', icon: Table, label: 'write.format.table' },
];
