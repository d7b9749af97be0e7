import { describe, expect, it } from 'vitest';
import type { Call } from './call.svelte.js';
import { People } from './people.svelte.js';
import { Slots } from './slots.svelte.js';
import { StageView } from './stage.svelte.js';
import type { Person } from './wire.js';

const person = (at: number, change: Partial<Person> = {}): Person => ({
  id: `p${at}`,
  user_id: `u${at}`,
  name: `Person ${at}`,
  guest: false,
  moderator: false,
  mic: true,
  camera: true,
  screen: false,
  connected: true,
  entered_at: `2026-11-23T09:${String(at).padStart(2, '0')}:00Z`,
  version: 1,
  ...change,
});

/** A call of count people in which p0 is oneself. */
function setUp(count: number) {
  const people = new People();
  people.reset(Array.from({ length: count }, (_, at) => person(at)));
  const call = {
    people,
    slots: new Slots(),
    me: 'p0',
    videoSlots: 16,
    screen: null,
    camera: true,
    ownCamera: null,
  };
  const view = new StageView(call as unknown as Call);
  view.space = { width: 1280, height: 640 };
  return { people, view };
}

const ids = (view: StageView) => view.faces.map((face) => face.id);

describe('the stage', () => {
  it('shows one alone, two as a pair, more in a grid', () => {
    expect(setUp(1).view.shape).toBe('grid');
    expect(setUp(2).view.shape).toBe('duo');
    expect(setUp(3).view.shape).toBe('grid');
  });

  it('shows the other one, not oneself, where only one has room', () => {
    const { view, people } = setUp(3);
    view.space = { width: 0, height: 0 };
    expect(view.only?.id).toBe('p1');
    people.hear({ active: ['p2'], dominant: 'p2' }, 1000);
    expect(view.only?.id).toBe('p2');
    people.reset([person(0), person(1), person(2, { screen: true })]);
    expect(view.only?.key).toBe('p2/screen');
    people.reset([person(0)]);
    expect(view.only?.id).toBe('p0');
  });

  it('turns pages when there are more than nine', () => {
    const { view } = setUp(20);
    expect([view.faces.length, view.pages]).toEqual([9, 3]);
    view.wantedPage = 2;
    expect(ids(view)).toEqual(['p18', 'p19']);
  });

  it('brings whoever speaks to the first page', () => {
    const { view, people } = setUp(20);
    expect(ids(view)).not.toContain('p15');
    people.hear({ active: ['p15'], dominant: 'p15' }, 1000);
    expect(ids(view)).toContain('p15');
    expect(view.faces.find((face) => face.id === 'p15')?.speaking).toBe(true);
  });

  it('asks the server for what it shows and never for oneself', () => {
    const { view } = setUp(3);
    expect(view.tiles.map((tile) => tile.participant)).toEqual(['p1', 'p2']);
    expect(view.tiles.every((tile) => tile.max_height > 100)).toBe(true);
  });

  it('shows a screen large and first, and somebody pinned instead', () => {
    const { view, people } = setUp(4);
    people.put(person(2, { screen: true, version: 2 }));
    expect(view.shape).toBe('focus');
    expect(view.tiles[0]).toMatchObject({ participant: 'p2', kind: 'screen', max_height: 630 });
    const face = view.faces.find((one) => one.id === 'p3');
    if (face) view.pin(face);
    expect(view.large?.key).toBe('p3/camera');
    people.remove('p3');
    expect(view.large?.kind).toBe('screen');
  });
});
