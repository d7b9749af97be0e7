import { expect, test } from 'vitest';
import { Scene } from './house/scene.js';
import { openPad, paper, written } from './house/writing.js';

const scene = Scene.forThisFile();

test('the pads of a colleague who left are handed over, or deleted where nobody can read them', async () => {
  const ada = await scene.barbara.colleague('Ada Albers');
  const ben = await scene.barbara.colleague('Ben Bruns');
  const { id: pad } = await ada.ask<{ id: string }>('POST', '/pads', {
    class: 'organisation',
    title: 'Winterdienst',
  });
  const { id: secret } = await ada.ask<{ id: string }>('POST', '/pads', {
    class: 'confidential',
    public_key: Buffer.alloc(32).toString('base64'),
  });
  const old = await scene.visit(ada);
  await old.page.goto(`/pads/${pad}`);
  await openPad(old.page);
  await paper(old.page).focus();
  await old.page.keyboard.press('Control+End');
  await old.page.keyboard.insertText('Streupläne liegen im Bauhof');
  await expect
    .poll(async () => JSON.stringify(await ada.ask('GET', `/pads/${pad}/log`)))
    .toContain('"head":1');
  const heir = await scene.visit(ben);
  await heir.page.goto('/pads');
  await heir.page.getByText('Gemeinsam schreiben').first().waitFor();

  const one = await scene.visit(scene.barbara);
  await one.page.goto('/admin/pads');
  await one.page.getByText('Jedes Pad hat jemanden').waitFor();
  await scene.barbara.ask('POST', `/admin/people/${ada.id}/disable`);
  await one.page.reload();
  const line = one.page.getByRole('listitem').filter({ hasText: 'Winterdienst' });
  await line.getByText('gehörte Ada Albers').waitFor();
  await one.expectAccessible('pads without an owner');
  await one.picture('admin-pads');
  await line.getByRole('button', { name: 'Übergeben an …' }).click();
  const dialog = one.page.getByRole('dialog', { name: '„Winterdienst“ übergeben' });
  await dialog.getByRole('combobox', { name: 'An wen?' }).fill('Ben');
  await expect.poll(() => one.page.getByRole('option').count()).toBe(1);
  await one.page.getByRole('option', { name: /Ben Bruns/ }).click();
  await dialog.getByRole('button', { name: /^Ben Bruns/ }).waitFor();
  await one.expectAccessible('handing over a pad');
  await one.picture('admin-pads-give');
  await dialog.getByRole('button', { name: 'Übergeben an …' }).click();
  await one.page.getByText('Ben Bruns verwaltet das Pad jetzt.').first().waitFor();
  await heir.page
    .getByRole('navigation', { name: 'Pads' })
    .getByRole('link', { name: /^Winterdienst/ })
    .click();
  await openPad(heir.page);
  await expect.poll(() => written(heir.page)).toContain('Streupläne');
  await heir.page.getByRole('button', { name: 'Teilen' }).waitFor();

  const sealed = one.page.getByRole('listitem').filter({ hasText: 'Vertrauliches Pad' });
  await sealed.getByText('Ohne den Link mit dem Schlüssel kann es niemand öffnen').waitFor();
  expect(await sealed.getByRole('button', { name: 'Übergeben an …' }).count()).toBe(0);
  await sealed.getByRole('button', { name: 'Löschen' }).click();
  await one.page.getByRole('alertdialog').getByRole('button', { name: 'Löschen' }).click();
  await one.page.getByText('Jedes Pad hat jemanden').waitFor();
  await one.page.goto('/admin/audit');
  await one.page.getByText('hat das Pad übergeben').first().waitFor();
  await one.page.getByText('hat das Pad gelöscht').first().waitFor();
  await expect(scene.barbara.ask('DELETE', `/admin/pads/${secret}`)).rejects.toThrow('pads.not_found');
});
