import { remember, remembered } from '../../lib/storage/local.js';

/** How somebody likes to write, remembered in this browser. */
export class Habits {
  /** The formatting bar is shown. */
  bar = $state(false);

  constructor(wide = matchMedia('(min-width: 45em)').matches) {
    this.bar = (remembered('write.bar') ?? (wide ? 'yes' : 'no')) === 'yes';
  }

  showBar(bar: boolean): void {
    this.bar = bar;
    remember('write.bar', bar ? 'yes' : 'no');
  }
}
