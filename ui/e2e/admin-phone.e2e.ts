import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();

const long = 'Maximiliane-Alexandra Freifrau von und zu Oberammergau-Niederlauterstein-Hohenfels';

/** What sticks out: the document, the page, or a control that is cut at an edge. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const found: string[] = [];
    if (document.documentElement.scrollWidth > wide) found.push('document');
    for (const area of document.querySelectorAll('main, main .page, [role="dialog"]'))
      if (area.scrollWidth > area.clientWidth + 1) found.push(area.className || area.tagName);
    for (const control of document.querySelectorAll(
      'main a, main button, main input, main h1, main h2, main dd',
    )) {
      const box = control.getBoundingClientRect();
      // Tables may be wider than the page: they scroll by themselves.
      if (
        box.width > 0 &&
        !control.closest('.scroll, pre, .unseen') &&
        (box.left < -1 || box.right > wide + 1)
      )
        found.push(`${control.tagName} ${control.textContent?.trim().slice(0, 40)}`);
    }
    return found;
  });
}

test('administration fits a phone of 390 and one of 320 pixels, with long names too', async () => {
  const max = await scene.barbara.colleague(long.slice(0, 80));
  const carl = await scene.barbara.colleague('Carl Conrad');
  await scene.barbara.ask('PATCH', `/admin/people/${max.id}`, {
    title: 'Stellvertretende Abteilungsleiterin für Grundsatzfragen',
    unit: 'Amt für Bauordnung, Denkmalschutz und Stadterneuerung',
    phone: '07231 39-1234',
    room: 'Technisches Rathaus, 3. Obergeschoss, Zimmer 3.07',
    deputy_id: carl.id,
  });
  const group = await scene.barbara.ask<{ id: string }>('POST', '/admin/groups', {
    name: 'Projektgruppe Verwaltungsdigitalisierung und Onlinezugangsgesetz',
    description: 'Alle, die an der Umsetzung beteiligt sind, aus allen Ämtern und den Eigenbetrieben.',
  });
  await scene.barbara.ask('PUT', `/admin/groups/${group.id}/members/${max.id}`);
  await scene.barbara.ask('PUT', `/admin/groups/${group.id}/members/${carl.id}`);
  await scene.barbara.ask('POST', '/auth/invitations', {
    name: 'Neue Kollegin mit einem recht langen Namen',
    email: 'neue.kollegin.mit.langem.namen@musterstadt.example',
    role: 'member',
  });
  const room = await scene.barbara.ask<{ id: string }>('POST', '/chat/rooms', {
    kind: 'public',
    name: 'Markt',
  });
  await max.ask('POST', `/chat/rooms/${room.id}/join`);
  const said = await max.say(
    room.id,
    'Das ist ein recht langer Satz, der gemeldet wird, damit die Verwaltung ihn sieht.',
  );
  await carl.ask('POST', `/chat/rooms/${room.id}/join`);
  await carl.ask('POST', `/chat/rooms/${room.id}/messages/${said.id}/reports`, {
    reason: 'offensive',
    note: 'Unfreundlich und nicht zur Sache',
    town: true,
  });

  const one = await scene.visit(scene.barbara, { width: 390, height: 844, touch: true });
  const { page } = one;
  for (const [name, path] of [
    ['list', '/admin'],
    ['people', '/admin/people'],
    ['person', `/admin/people/${max.id}`],
    ['groups', '/admin/groups'],
    ['group', `/admin/groups/${group.id}`],
    ['invitations', '/admin/invitations'],
    ['sessions', '/admin/sessions'],
    ['reports', '/admin/reports'],
    ['audit', '/admin/audit'],
    ['settings', '/admin/settings'],
    ['invite', '/admin/people?invite=1'],
  ] as const) {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path);
    await (name === 'invite'
      ? page.getByRole('dialog')
      : page.getByRole('heading', { level: 1 }).first()
    ).waitFor();
    await expect.poll(() => page.getByRole('status', { name: 'Wird geladen' }).count()).toBe(0);
    await one.picture(`phone-${name}`);
    expect(await sticksOut(page), `${name} at 390`).toEqual([]);
    await one.expectAccessible(`${name} on a phone`);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await sticksOut(page), `${name} at 320`).toEqual([]);
  }

  // Several at once: the tools for them have room, too.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/admin/people');
  await page.getByRole('checkbox', { name: /Carl Conrad/ }).press('Space');
  await page.getByRole('toolbar', { name: /1/ }).waitFor();
  await one.picture('phone-chosen');
  expect(await sticksOut(page), 'tools for chosen people at 390').toEqual([]);
  await one.expectAccessible('tools for chosen people');
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await sticksOut(page), 'tools for chosen people at 320').toEqual([]);
});

test('no table is cut on a tablet, beside the list of sections', async () => {
  await scene.barbara.colleague('Karla-Friederike von Hohenstein zu Altenburg');
  await scene.barbara.ask('POST', '/admin/groups', { name: 'Arbeitskreis Verwaltungsdigitalisierung' });
  await scene.barbara.ask('POST', '/auth/invitations', { name: 'Neue Kollegin', role: 'member' });
  const one = await scene.visit(scene.barbara, { width: 1024, height: 768 });
  const { page } = one;
  for (const name of ['people', 'groups', 'invitations', 'sessions', 'audit']) {
    await page.setViewportSize({ width: 1024, height: 768 });
    await page.goto(`/admin/${name}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.getByRole('table').waitFor();
    for (const width of [1024, 768]) {
      await page.setViewportSize({ width, height: 768 });
      const cut = () =>
        page.evaluate(
          () =>
            [...document.querySelectorAll('main .scroll')].filter(
              (area) => area.scrollWidth > area.clientWidth + 1,
            ).length,
        );
      await expect.poll(cut, { message: `${name} at ${width}` }).toBe(0);
    }
  }
});
