import { describe, expect, it } from 'vitest';
import { Completion, type Source } from './completion.svelte.js';

const commands: Source = {
  id: 'commands',
  title: 'write.commands',
  word: (before) => /^\/\w*$/.exec(before)?.[0] ?? null,
  find: () => [{ id: 'poll', label: '/umfrage', insert: '' }],
};

const people: Source = {
  id: 'people',
  title: 'chat.composer.people',
  word: (before) => /@\w*(?: \w*)?$/.exec(before)?.[0] ?? null,
  find: () => [{ id: 'ada', label: 'Ada Berg', insert: '@Ada Berg ' }],
};

describe('completion', () => {
  it('offers the next command after one that left nothing behind', () => {
    const completion = new Completion([commands]);
    completion.update('/um', 3);
    expect(completion.take('/um')?.text).toBe('');
    completion.update('/', 1);
    expect(completion.open).toBe(true);
  });

  it('stays closed behind a name that was taken, until another one begins', () => {
    const completion = new Completion([people]);
    completion.update('@Ad', 3);
    const taken = completion.take('@Ad');
    expect(taken?.text).toBe('@Ada Berg ');
    completion.update('@Ada', 4);
    expect(completion.open).toBe(false);
    completion.update('@Ada und @B', 11);
    expect(completion.open).toBe(true);
  });
});
