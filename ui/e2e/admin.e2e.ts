import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { composer } from './house/chatting.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();

/** Chooses in one of the portal's lists. */
async function choose(page: Page, list: string, value: string): Promise<void> {
  await page.getByRole('combobox', { name: list }).click();
  await page.getByRole('option', { name: value, exact: true }).click();
}

test('a role is given and the audit log says who did it (003-22)', async () => {
  const gerda = await scene.barbara.colleague('Gerda Pfeiffer');
  const one = await scene.visit(scene.barbara);
  const two = await scene.visit(gerda);
  await two.page.goto('/admin/audit');
  await two.page.getByText('Kein Zugang').first().waitFor();
  await two.expectAccessible('no access');
  await two.picture('no-access');

  await one.page.goto('/admin/people');
  await one.page
    .getByRole('table')
    .getByRole('link', { name: /Gerda Pfeiffer/ })
    .waitFor();
  await one.expectAccessible('people');
  await one.picture('admin-people');
  await one.page
    .getByRole('table')
    .getByRole('link', { name: /Gerda Pfeiffer/ })
    .click();
  await one.page.getByRole('heading', { name: 'Gerda Pfeiffer' }).waitFor();
  await one.expectAccessible('person');
  await one.picture('admin-person');
  await choose(one.page, 'Rolle', 'Revision');
  await one.page.getByRole('button', { name: 'Speichern' }).click();
  await one.page.getByText('Die Angaben zu Gerda Pfeiffer sind gespeichert.').first().waitFor();

  await two.page.goto('/admin/audit');
  await two.page.getByRole('row', { name: /Barbara Brandt.*Rolle geändert.*Gerda Pfeiffer/ }).waitFor();
  await two.expectAccessible('audit log');
  await two.picture('admin-audit');
  // Reading is all an auditor may.
  await two.page.goto('/admin/people');
  await two.page.getByText('Kein Zugang').first().waitFor();
});

test('who is disabled is out of the open page within a second', async () => {
  const carl = await scene.barbara.colleague('Carl Conrad');
  const { id } = await scene.barbara.ask<{ id: string }>('POST', '/chat/rooms', {
    kind: 'private',
    name: 'Bauhof',
    members: [carl.id],
  });
  const one = await scene.visit(scene.barbara);
  const two = await scene.visit(carl);
  await two.page.goto(`/chat/${id}`);
  await composer(two.page).waitFor();
  await one.page.goto(`/admin/people/${carl.id}`);
  await one.page.getByRole('button', { name: 'Sperren' }).click();
  const question = one.page.getByRole('dialog').or(one.page.getByRole('alertdialog'));
  await question.getByRole('button', { name: 'Sperren' }).waitFor();
  await one.expectAccessible('question before disabling');
  await one.picture('admin-disable');
  await question.getByRole('button', { name: 'Sperren' }).click();
  const began = Date.now();
  await two.page.waitForURL(/\/login/);
  // The second itself is asserted on the server; here two browsers share a busy machine.
  expect(Date.now() - began).toBeLessThan(5_000);
  await one.page.getByText('gesperrt', { exact: true }).first().waitFor();
  await one.page.goto('/admin/audit');
  await one.page.getByRole('row', { name: /Barbara Brandt.*hat gesperrt.*Carl Conrad/ }).waitFor();
});

test('groups, invitations, sign-ins and settings stand ready', async () => {
  const one = await scene.visit(scene.barbara);
  await one.page.goto('/admin/groups');
  await one.page.getByRole('button', { name: 'Gruppe anlegen' }).first().click();
  await one.page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Ordnungsamt');
  await one.expectAccessible('new group');
  await one.page.getByRole('dialog').getByRole('button', { name: 'Gruppe anlegen' }).click();
  await one.page.getByText('Ordnungsamt').first().waitFor();
  for (const [path, heading] of [
    ['/admin/groups', 'Gruppen'],
    ['/admin/invitations', 'Einladungen'],
    ['/admin/sessions', 'Anmeldungen'],
    ['/admin/settings', 'Einstellungen'],
  ] as const) {
    await one.page.goto(path);
    await one.page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await expect.poll(() => one.page.getByText('Wird geladen').count()).toBe(0);
    await one.expectAccessible(path);
    await one.picture(`admin-${path.split('/').at(-1)}`);
  }
  expect(
    await one.page.getByRole('region', { name: 'Inhalt der Konfigurationsdatei' }).textContent(),
  ).toContain('server:');
});

test('one sees one’s own devices and signs another one out from afar', async () => {
  const ada = await scene.barbara.colleague('Ada Albers');
  const desk = await scene.visit(ada);
  await desk.page.goto('/profile');
  const phone = await scene.stranger('Handy', { width: 390, height: 844, touch: true });
  await phone.page.goto('/login');
  await phone.page.getByLabel('E-Mail-Adresse').fill(ada.email);
  await phone.page.getByLabel('Passwort', { exact: true }).fill('Kastanie-Fenster-Wolke');
  await phone.page.getByRole('button', { name: 'Anmelden' }).click();
  await phone.page.getByRole('heading', { name: /Ada/ }).waitFor();

  await desk.page.reload();
  await desk.page.getByText('Meine Geräte').waitFor();
  await desk.page
    .getByRole('button', { name: /abmelden$/ })
    .first()
    .waitFor();
  await desk.expectAccessible('profile');
  await desk.picture('profile');
  await desk.page
    .getByRole('button', { name: /^(?!Alle).* abmelden$/ })
    .first()
    .click();
  await phone.page.waitForURL(/\/login/);
  await desk.page.getByText('dieses Gerät').waitFor();
});

test('a wrong password is refused in words that help', async () => {
  const visitor = await scene.stranger('Vergesslich');
  await visitor.page.goto('/login');
  await visitor.page.getByLabel('E-Mail-Adresse').fill('barbara@musterstadt.example');
  await visitor.page.getByLabel('Passwort', { exact: true }).fill('falsch geraten');
  await visitor.page.getByRole('button', { name: 'Anmelden' }).click();
  await visitor.page.getByText('Anmeldename oder Passwort stimmt nicht.').waitFor();
  await visitor.expectAccessible('refused sign-in');
  await visitor.picture('login-refused');
});
