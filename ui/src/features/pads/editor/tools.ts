import type { LucideIcon } from '@lucide/svelte';
import Bold from '@lucide/svelte/icons/bold';
import Code from '@lucide/svelte/icons/code';
import Heading2 from '@lucide/svelte/icons/heading-1';
import Heading3 from '@lucide/svelte/icons/heading-2';
import Italic from '@lucide/svelte/icons/italic';
import List from '@lucide/svelte/icons/list';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import Minus from '@lucide/svelte/icons/minus';
import Pilcrow from '@lucide/svelte/icons/pilcrow';
import CodeBlock from '@lucide/svelte/icons/square-code';
import Strike from '@lucide/svelte/icons/strikethrough';
import Quote from '@lucide/svelte/icons/text-quote';
import type { ChainedCommands, Editor } from '@tiptap/core';
import type { Key } from '../../../lib/i18n/index.svelte.js';

/** Something one can do with the text. */
export interface Tool {
  readonly id: string;
  readonly label: Key;
  readonly icon: LucideIcon;
  /** Shown as a hint. */
  readonly keys?: string;
  readonly active: (editor: Editor) => boolean;
  readonly run: (chain: ChainedCommands) => ChainedCommands;
}

/** What changes the selected words. */
export const markTools: readonly Tool[] = [
  {
    id: 'bold',
    label: 'pads.tool.bold',
    icon: Bold,
    keys: 'Mod+B',
    active: (e) => e.isActive('bold'),
    run: (c) => c.toggleBold(),
  },
  {
    id: 'italic',
    label: 'pads.tool.italic',
    icon: Italic,
    keys: 'Mod+I',
    active: (e) => e.isActive('italic'),
    run: (c) => c.toggleItalic(),
  },
  {
    id: 'strike',
    label: 'pads.tool.strike',
    icon: Strike,
    active: (e) => e.isActive('strike'),
    run: (c) => c.toggleStrike(),
  },
  {
    id: 'code',
    label: 'pads.tool.code',
    icon: Code,
    active: (e) => e.isActive('code'),
    run: (c) => c.toggleCode(),
  },
];

/** What changes the block. */
export const blockTools: readonly Tool[] = [
  {
    id: 'text',
    label: 'pads.tool.text',
    icon: Pilcrow,
    active: (e) => e.isActive('paragraph'),
    run: (c) => c.clearNodes(),
  },
  {
    id: 'heading',
    label: 'pads.tool.heading',
    icon: Heading2,
    keys: '##',
    active: (e) => e.isActive('heading', { level: 2 }),
    run: (c) => c.toggleHeading({ level: 2 }),
  },
  {
    id: 'subheading',
    label: 'pads.tool.subheading',
    icon: Heading3,
    keys: '###',
    active: (e) => e.isActive('heading', { level: 3 }),
    run: (c) => c.toggleHeading({ level: 3 }),
  },
  {
    id: 'list',
    label: 'pads.tool.list',
    icon: List,
    keys: '-',
    active: (e) => e.isActive('bulletList'),
    run: (c) => c.toggleBulletList(),
  },
  {
    id: 'numbers',
    label: 'pads.tool.numbers',
    icon: ListOrdered,
    keys: '1.',
    active: (e) => e.isActive('orderedList'),
    run: (c) => c.toggleOrderedList(),
  },
  {
    id: 'tasks',
    label: 'pads.tool.tasks',
    icon: ListChecks,
    keys: '[ ]',
    active: (e) => e.isActive('taskList'),
    run: (c) => c.toggleTaskList(),
  },
  {
    id: 'quote',
    label: 'pads.tool.quote',
    icon: Quote,
    keys: '>',
    active: (e) => e.isActive('blockquote'),
    run: (c) => c.toggleBlockquote(),
  },
  {
    id: 'codeblock',
    label: 'pads.tool.codeblock',
    icon: CodeBlock,
    keys: '```',
    active: (e) => e.isActive('codeBlock'),
    run: (c) => c.toggleCodeBlock(),
  },
  {
    id: 'line',
    label: 'pads.tool.line',
    icon: Minus,
    keys: '---',
    active: () => false,
    run: (c) => c.setHorizontalRule(),
  },
];
