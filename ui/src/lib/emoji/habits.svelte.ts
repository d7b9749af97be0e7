import { remember, remembered } from '../storage/local.js';
import type { Tone } from './table.js';

const mostRecent = 24;
const first = ['👍️', '❤️', '😀', '🎉', '🙏', '✅️', '👀', '😂'];

/** An emoji of the town itself: a small picture with a name. */
export interface TownEmoji {
  readonly name: string;
  readonly url: string;
}

/** What the person used lately and in which skin tone, remembered in this browser. */
class EmojiHabits {
  tone = $state<Tone>(0);
  recent = $state.raw<readonly string[]>(first);
  /** The town's own; chat fills it in. Written as :name: */
  town = $state.raw<readonly TownEmoji[]>([]);

  constructor() {
    const tone = Number(remembered('emoji.tone'));
    if (tone >= 1 && tone <= 5) this.tone = tone as Tone;
    const recent = remembered('emoji.recent')?.split(' ').filter(Boolean) ?? [];
    if (recent.length > 0) this.recent = recent;
  }

  setTone(tone: Tone): void {
    this.tone = tone;
    remember('emoji.tone', tone === 0 ? '' : String(tone));
  }

  used(emoji: string): void {
    this.recent = [emoji, ...this.recent.filter((other) => other !== emoji)].slice(0, mostRecent);
    remember('emoji.recent', this.recent.join(' '));
  }
}

export const emojiHabits = new EmojiHabits();
