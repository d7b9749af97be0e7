import { expect, test } from 'vitest';
import { composer } from './house/chatting.js';
import { Scene } from './house/scene.js';

const scene = Scene.forThisFile();

test('help is found from the menu, by words and by keyboard alone, in every window (003-20)', async () => {
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  await page.goto('/');
  await page.getByRole('button', { name: /^Ich: / }).click();
  await page.getByRole('menuitem', { name: 'Hilfe' }).click();
  await page.getByRole('heading', { name: 'Hilfe', level: 1 }).waitFor();
  await visitor.expectAccessible('help');
  await visitor.picture('help', page);

  await page.getByRole('searchbox', { name: 'Hilfe durchsuchen' }).fill('spaeter senden');
  await page.keyboard.press('Tab');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.querySelector('h2')?.textContent))
    .toBe('Später senden');
  await visitor.expectAccessible('what was found');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Überblick behalten', level: 1 }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Später senden');
  expect(await page.getByRole('heading', { name: 'Später senden' }).isVisible()).toBe(true);
  await page.goBack();
  await page.getByRole('heading', { name: 'Später senden' }).waitFor();
  expect(await page.getByRole('searchbox', { name: 'Hilfe durchsuchen' }).inputValue()).toBe(
    'spaeter senden',
  );
});

test('every chapter is accessible, light and dark, and fits 320 pixels', async () => {
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  await page.goto('/help');
  await page.getByRole('heading', { name: 'Hilfe', level: 1 }).waitFor();
  const chapters = await page
    .locator('[data-help] li a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  expect(chapters.length).toBeGreaterThan(10);
  expect(chapters).not.toContain('/help/visiting');
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of chapters) {
    await page.goto(path);
    await page.locator('article.chapter h2').first().waitFor();
    await page.emulateMedia({ colorScheme: 'light' });
    await visitor.expectAccessible(`${path} in light`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await visitor.expectAccessible(`${path} in dark`);
    const wide = await page.evaluate(() => {
      const main = document.querySelector('main');
      return Math.max(document.documentElement.scrollWidth, main?.scrollWidth ?? 0);
    });
    expect(wide, path).toBeLessThanOrEqual(320);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/help/pads');
  await page.locator('article.chapter h2').first().waitFor();
  await visitor.picture('help-pads', page);
});

test('the help tells every key that the list behind ? shows in chat', async () => {
  const room = await scene.barbara.ask<{ id: string }>('POST', '/chat/rooms', {
    kind: 'public',
    name: 'Tasten',
  });
  const visitor = await scene.visit(scene.barbara);
  const { page } = visitor;
  await page.goto(`/chat/${room.id}`);
  await composer(page).focus();
  await page.keyboard.press('Control+/');
  const dialog = page.getByRole('dialog', { name: 'Tastenkürzel' });
  await dialog.waitFor();
  await visitor.expectAccessible('keys');
  const listed = await dialog.locator('dt').allInnerTexts();
  expect(listed.length).toBeGreaterThan(20);
  const [help] = await Promise.all([
    page.waitForEvent('popup'),
    dialog.getByRole('link', { name: /Alle Tasten in der Hilfe/ }).click(),
  ]);
  await help.locator('article.chapter table').first().waitFor();
  const told = await help.locator('article.chapter td:nth-child(2)').allInnerTexts();
  // What undoes something has the same key.
  const once = listed.filter((label) => !label.startsWith('Nicht mehr '));
  for (const label of once) expect(told).toContain(label);
});

test('who has no account sees the help for guests, also before signing in', async () => {
  const visitor = await scene.stranger('Gast');
  const { page } = visitor;
  await page.goto('/login');
  await page.getByRole('contentinfo', { name: 'Rechtliches' }).getByRole('link', { name: 'Hilfe' }).click();
  await page.getByRole('heading', { name: 'Hilfe', level: 1 }).waitFor();
  const titles = await page.locator('[data-help] h2').allInnerTexts();
  expect(titles[0]).toBe('Als Gast dabei');
  expect(titles).not.toContain('Chat');
  await page.getByRole('link', { name: /Als Gast dabei/ }).click();
  await page.getByRole('link', { name: 'Ton und Bild gehen nicht' }).click();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent))
    .toBe('Ton und Bild gehen nicht');
  await visitor.expectAccessible('help for guests');
});

test('the help speaks English where the person does', async () => {
  const visitor = await scene.visit(await scene.barbara.colleague('Emma Evans'));
  const { page } = visitor;
  await page.goto('/profile');
  await page.getByText('English', { exact: true }).click();
  await page.getByText('Appearance').waitFor();
  await page.goto('/help/chat#threads');
  await page.getByRole('heading', { name: 'Replying in a thread' }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('threads');
});
