import type { LucideIcon } from '@lucide/svelte';
import Book from '@lucide/svelte/icons/book-open';
import Calendar from '@lucide/svelte/icons/calendar';
import Chart from '@lucide/svelte/icons/chart-column';
import Form from '@lucide/svelte/icons/clipboard-list';
import Clock from '@lucide/svelte/icons/clock';
import Cloud from '@lucide/svelte/icons/cloud';
import Euro from '@lucide/svelte/icons/euro';
import File from '@lucide/svelte/icons/file-text';
import Globe from '@lucide/svelte/icons/globe';
import Landmark from '@lucide/svelte/icons/landmark';
import Link from '@lucide/svelte/icons/link';
import Mail from '@lucide/svelte/icons/mail';
import MapIcon from '@lucide/svelte/icons/map';
import Phone from '@lucide/svelte/icons/phone';
import Scale from '@lucide/svelte/icons/scale';
import Ticket from '@lucide/svelte/icons/ticket';
import Users from '@lucide/svelte/icons/users';
import Tool from '@lucide/svelte/icons/wrench';

const icons: Readonly<Record<string, LucideIcon>> = {
  book: Book,
  calendar: Calendar,
  chart: Chart,
  clock: Clock,
  cloud: Cloud,
  euro: Euro,
  file: File,
  form: Form,
  globe: Globe,
  landmark: Landmark,
  link: Link,
  mail: Mail,
  map: MapIcon,
  phone: Phone,
  scale: Scale,
  ticket: Ticket,
  tool: Tool,
  users: Users,
};

/** The picture of a tile by the word of the configuration. */
export const iconOf = (name: string): LucideIcon => icons[name] ?? Link;
