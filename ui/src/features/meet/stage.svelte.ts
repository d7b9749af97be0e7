import { t } from '../../lib/i18n/index.svelte.js';
import type { Call } from './call.svelte.js';
import { type Box, type Grid, gridFor, page, perPage, seating } from './layout.js';
import type { Person, PictureKind, Tile } from './wire.js';
import { nameOf } from './words.js';

/** One tile, ready to be drawn. */
export interface Face {
  readonly key: string;
  readonly id: string;
  readonly userId: string;
  readonly kind: PictureKind;
  readonly name: string;
  readonly label: string;
  /** Everything about it in one sentence, for screen readers. */
  readonly words: string;
  readonly track: MediaStreamTrack | null;
  readonly mine: boolean;
  readonly mic: boolean;
  readonly speaking: boolean;
  readonly connected: boolean;
  readonly held: boolean;
  readonly pinned: boolean;
}

/** grid: all alike. duo: the other one large, oneself in the corner. focus: one large, the others in a strip. */
export type Shape = 'grid' | 'duo' | 'focus';

const gap = 8;
/** The strip beside a large tile shows as many as fit into this share of the stage. */
const stripSize = 6;
const stripHeight = 180;

/** What the stage of a call shows: who sits where, on which page, how large. Knows no DOM. */
export class StageView {
  space = $state.raw<Box>({ width: 0, height: 0 });
  density = $state(1);
  wantedPage = $state(0);
  pinned = $state<string | null>(null);
  #call: Call;
  #order: string[] = [];

  constructor(call: Call) {
    this.#call = call;
  }

  /** Screens that are shown, others' before one's own. */
  screens = $derived.by(() =>
    this.#call.people.all
      .filter((person) => person.screen)
      .sort((a, b) => Number(a.id === this.#call.me) - Number(b.id === this.#call.me))
      .map((person) => this.#face(person, 'screen')),
  );

  large = $derived.by<Face | null>(() => {
    const pinned = this.pinned;
    const [id, kind] = pinned?.split('/') ?? [];
    const person = this.#call.people.find(id ?? '');
    if (person && kind === 'camera') return this.#face(person, 'camera');
    if (person?.screen && kind === 'screen') return this.#face(person, 'screen');
    return this.screens[0] ?? null;
  });

  /** The one to show where only one has room: a screen, else who spoke last, else anybody else, else oneself. */
  only = $derived.by<Face | null>(() => {
    const { all, dominant } = this.#call.people;
    const shown = this.screens.find((screen) => !screen.mine);
    if (shown) return shown;
    const others = all.filter((person) => person.id !== this.#call.me);
    const person = others.find((other) => other.id === dominant) ?? others[0] ?? all[0];
    return person ? this.#face(person, 'camera') : null;
  });

  shape = $derived.by<Shape>(() => {
    if (this.large) return 'focus';
    return this.#call.people.all.length === 2 && this.#call.me !== '' ? 'duo' : 'grid';
  });

  size = $derived.by(() => (this.shape === 'focus' ? stripSize : perPage(this.space, this.#call.videoSlots)));

  #page = $derived.by(() => {
    const people = this.#call.people.all.map((person) => ({
      id: person.id,
      spoke: this.#call.people.spoke(person.id),
    }));
    // Reading who speaks makes this follow the conversation.
    void this.#call.people.speaking;
    this.#order = seating(people, this.size, this.#order);
    return page(this.#order, this.size, this.wantedPage);
  });

  pages = $derived(this.#page.pages);
  at = $derived(this.#page.at);

  faces = $derived.by(() =>
    this.#page.ids.flatMap((id) => {
      const person = this.#call.people.find(id);
      return person ? [this.#face(person, 'camera')] : [];
    }),
  );

  grid = $derived<Grid>(gridFor(this.faces.length, this.space, gap));

  /** The pictures that are wanted of the server, the most important first. */
  tiles = $derived.by<readonly Tile[]>(() => {
    const { large, shape } = this;
    const lines = (height: number) => Math.max(90, Math.round((height * this.density) / 90) * 90);
    const small =
      shape === 'focus' ? stripHeight : shape === 'duo' ? this.space.height : this.grid.tile.height;
    const wanted = [
      ...(large ? [{ participant: large.id, kind: large.kind, max_height: lines(this.space.height) }] : []),
      ...this.faces.map((face) => ({ participant: face.id, kind: face.kind, max_height: lines(small) })),
    ];
    const seen = new Set<string>();
    return wanted.filter(({ participant, kind }) => {
      const key = `${participant}/${kind}`;
      return participant !== this.#call.me && !seen.has(key) && seen.add(key);
    });
  });

  pin(face: Face): void {
    this.pinned = this.pinned === face.key ? null : face.key;
  }

  #face(person: Person, kind: PictureKind): Face {
    const call = this.#call;
    const mine = person.id === call.me;
    const name = nameOf(person, call.me);
    const own = kind === 'screen' ? call.screen : call.camera ? call.ownCamera : null;
    const on = kind === 'screen' ? person.screen : person.camera;
    const key = `${person.id}/${kind}`;
    const speaking = kind === 'camera' && person.mic && call.people.speaking.includes(person.id);
    const screen = mine ? t('meet.stage.myScreen') : t('meet.stage.screenOf', { name: person.name });
    const label = kind === 'screen' ? screen : name;
    const words = [
      label,
      ...(speaking ? [t('meet.stage.speaking')] : []),
      ...(kind === 'camera' && !person.mic ? [t('meet.stage.micOff')] : []),
      ...(person.connected ? [] : [t('meet.stage.away')]),
    ].join(', ');
    return {
      key,
      id: person.id,
      userId: person.user_id,
      kind,
      name: person.name,
      label,
      words,
      track: mine ? own : on ? call.slots.picture(person.id, kind) : null,
      mine,
      mic: person.mic,
      speaking,
      connected: person.connected,
      held: !mine && on && call.slots.held(person.id, kind),
      pinned: this.pinned === key,
    };
  }
}
