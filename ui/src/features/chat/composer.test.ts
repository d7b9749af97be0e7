import { describe, expect, it, vi } from 'vitest';
import { Composer, type DraftStore } from './composer.svelte.js';
import { ada, ben, said } from './fixtures.js';
import { mentionOf } from './mention.js';
import { mentions } from './sources.js';

function given() {
  const disk = new Map<string, unknown>();
  const store: DraftStore = {
    get: async (key) => disk.get(key),
    set: async (key, value) => void disk.set(key, value),
    delete: async (key) => void disk.delete(key),
  };
  const composer = new Composer('r', ada.id, store);
  composer.completion.use([mentions(() => [ben, { id: 'e', name: 'Eva' }])]);
  const type = (text: string) => composer.write(text, text.length);
  return { composer, type, disk, store };
}

describe('the composer', () => {
  it('offers people after an @ and takes one by keyboard', () => {
    const { composer, type } = given();
    type('Hallo @be');
    expect(composer.completion.options.map((option) => option.label)).toEqual([ben.name]);
    composer.choose();
    expect(composer.text).toBe(`Hallo @${ben.name} `);
    expect(composer.completion.open).toBe(false);
    expect(composer.outgoing).toBe(`Hallo ${mentionOf(ben)} `);
  });

  it('does not offer the same again after a short name was taken or the list was closed', () => {
    const { composer, type } = given();
    type('@ev');
    composer.choose();
    expect(composer.completion.open).toBe(false);
    type('@Eva k');
    expect(composer.completion.open).toBe(false);
    type('');
    type('@');
    expect(composer.completion.open).toBe(true);
    type('@e');
    composer.completion.dismiss(composer.text);
    type('@ev');
    expect(composer.completion.open).toBe(false);
  });

  it('keeps a draft in the browser and takes it up again', async () => {
    const { composer, type, disk, store } = given();
    type('halb fer');
    composer.leave();
    await vi.waitFor(() => expect(disk.size).toBe(1));
    const next = new Composer('r', ada.id, store);
    await next.restore();
    expect(next.text).toBe('halb fer');
    next.take();
    await vi.waitFor(() => expect(disk.size).toBe(0));
  });

  it('takes everything along in one parcel, also without words', () => {
    const { composer } = given();
    expect(composer.ready).toBe(false);
    composer.attach('files', { body: {}, shown: { edited_at: 'x' }, enough: true, waits: true });
    expect([composer.empty, composer.ready]).toEqual([false, false]);
    composer.attach('files', { body: {}, shown: { edited_at: 'x' }, enough: true });
    expect(composer.ready).toBe(true);
    expect(composer.take()).toEqual({ body: { text: '' }, shown: { edited_at: 'x' } });
    expect(composer.ready).toBe(false);
  });

  it('gives the draft back after a message was changed', async () => {
    const { composer, type } = given();
    type('angefangen');
    composer.edit(said(1, { text: `Frag ${mentionOf(ben)}`, people: [ben] }));
    expect(composer.text).toBe(`Frag @${ben.name}`);
    composer.write(`Frag @${ben.name}!`, 5);
    expect(composer.outgoing).toBe(`Frag ${mentionOf(ben)}!`);
    await composer.stopEditing();
    expect(composer.text).toBe('angefangen');
  });

  it('calls everybody for whoever types it and sends before the list is there', () => {
    const { composer, type } = given();
    composer.standing = () => [{ sign: '@', name: 'alle', target: 'all:r' }];
    type('@alle');
    expect(composer.take().body.text).toBe('[@alle](all:r)');
  });

  it('makes no call of words in a message that is changed', async () => {
    const { composer, type } = given();
    composer.standing = () => [{ sign: '@', name: 'alle', target: 'all:r' }];
    composer.edit(said(1, { text: 'Das Zeichen @alle ruft.' }));
    expect(composer.outgoing).toBe('Das Zeichen @alle ruft.');
    type('Das Zeichen @alle ruft alle.');
    expect(composer.outgoing).toBe('Das Zeichen @alle ruft alle.');
    await composer.stopEditing();
    composer.edit(said(2, { text: 'Bitte kommen' }));
    type('@alle Bitte kommen');
    expect(composer.outgoing).toBe('[@alle](all:r) Bitte kommen');
  });
});
