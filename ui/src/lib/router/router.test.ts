import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compile } from './match.js';
import { href } from './paths.js';
import type { Page, Route } from './route.js';
import { Router } from './router.svelte.js';

describe('a path', () => {
  it('is built from its name, parameters and query', () => {
    expect(href('start')).toBe('/');
    expect(href('room', { room: 'a/b ü' })).toBe('/chat/a%2Fb%20%C3%BC');
    expect(href('gallery', {}, { page: 'forms', theme: undefined })).toBe('/gallery?page=forms');
  });

  it('gives its parameters back', () => {
    const pattern = compile('/chat/:room/thread/:message');
    expect(pattern.match('/chat/a%2Fb/thread/7')).toEqual({ room: 'a/b', message: '7' });
    expect(pattern.match('/chat/a/thread')).toBeNull();
    expect(pattern.match('/chat/%E0%A4%A/thread/7')).toBeNull();
  });

  it('with fixed parts wins over one with parameters', () => {
    expect(compile('/chat/rooms').weight).toBeGreaterThan(compile('/chat/:room').weight);
  });
});

const pages = { start: (() => {}) as unknown as Page, chat: (() => {}) as unknown as Page };
const loadChat = vi.fn(async () => ({ default: pages.chat }));
const shared = { access: 'member', frame: 'portal', title: 'shell.chat' } as const;
const table: Route[] = [
  { ...shared, name: 'start', load: async () => ({ default: pages.start }) },
  { ...shared, name: 'chat', load: loadChat },
  { ...shared, name: 'rooms', load: loadChat },
  { ...shared, name: 'room', load: loadChat },
];

describe('the router', () => {
  let router: Router;
  let stop: () => void;

  beforeEach(async () => {
    history.replaceState(null, '', '/');
    router = new Router();
    stop = router.start(table);
    await vi.waitFor(() => expect(router.page).toBe(pages.start));
  });

  afterEach(() => stop());

  it('shows the page of an address with its parameters', async () => {
    router.go('/chat/bauamt?tab=files');
    await vi.waitFor(() => expect(router.page).toBe(pages.chat));
    expect(router.place.params).toEqual({ room: 'bauamt' });
    expect(router.query('tab')).toBe('files');
    expect(location.pathname).toBe('/chat/bauamt');
  });

  it('prefers the fixed address', () => {
    expect(router.resolve(new URL('http://x/chat/rooms')).route?.name).toBe('rooms');
    expect(router.resolve(new URL('http://x/chat/other')).route?.name).toBe('room');
    expect(router.resolve(new URL('http://x/nowhere')).route).toBeNull();
  });

  it('moves the focus for a new page, not for a new query', async () => {
    const before = router.arrivals;
    router.setQuery({ q: 'haus' });
    await vi.waitFor(() => expect(router.query('q')).toBe('haus'));
    expect(router.arrivals).toBe(before);
    router.go('/chat');
    await vi.waitFor(() => expect(router.arrivals).toBe(before + 1));
  });

  it('does not let a filter of the old page stop the way to a new one', async () => {
    let arrive = () => {};
    loadChat.mockImplementationOnce(
      () => new Promise((done) => (arrive = () => done({ default: pages.chat }))),
    );
    router.go('/chat');
    router.setQuery({ q: 'haus' });
    arrive();
    await vi.waitFor(() => expect(router.page).toBe(pages.chat));
    expect(location.pathname + location.search).toBe('/chat');
  });

  it('keeps both of two filters that change at once', async () => {
    router.setQuery({ q: 'haus' });
    router.setQuery({ kind: 'pad' });
    await vi.waitFor(() => expect(router.query('kind')).toBe('pad'));
    expect(router.query('q')).toBe('haus');
  });

  it('goes back with the browser', async () => {
    router.go('/chat');
    await vi.waitFor(() => expect(router.page).toBe(pages.chat));
    history.back();
    await vi.waitFor(() => expect(router.page).toBe(pages.start));
  });

  it('follows links of the portal and leaves others alone', async () => {
    document.body.innerHTML =
      '<a id="in" href="/chat"><b>Chat</b></a><a id="api" href="/api/v1/file">Datei</a>';
    document.querySelector<HTMLElement>('#in b')?.click();
    await vi.waitFor(() => expect(router.page).toBe(pages.chat));
    const click = new MouseEvent('click', { bubbles: true, cancelable: true });
    document.querySelector('#api')?.addEventListener('click', (event) => event.preventDefault());
    document.querySelector('#api')?.dispatchEvent(click);
    expect(location.pathname).toBe('/chat');
  });

  it('asks before unsaved work is lost', async () => {
    const saved = router.guard(() => true);
    router.go('/chat');
    expect(router.wanted).toBe('/chat');
    expect(location.pathname).toBe('/');
    router.stay();
    expect(router.wanted).toBeNull();
    router.go('/chat');
    router.leave();
    await vi.waitFor(() => expect(router.page).toBe(pages.chat));
    saved();
  });

  it('says that a page could not be loaded and tries again', async () => {
    loadChat.mockRejectedValueOnce(new Error('chunk is gone'));
    const fresh = new Router();
    const end = fresh.start(table);
    fresh.go('/chat');
    await vi.waitFor(() => expect(fresh.failed).toBeInstanceOf(Error));
    fresh.retry();
    await vi.waitFor(() => expect(fresh.page).toBe(pages.chat));
    expect(fresh.failed).toBeNull();
    end();
  });
});
