import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { act, composer, message, say } from './house/chatting.js';
import { Scene } from './house/scene.js';
import { Talking } from './house/talking.js';

const scene = Scene.forThisFile();
const house = new Talking(scene);

test('words are quoted, passed on with their source, pinned, and keep their earlier wordings (004-13)', async () => {
  const [ada, ben] = [await house.person('Ada Albers'), await house.person('Ben Bauer')];
  const id = await house.room('Ordnungsamt', ada, ben);
  const yard = await house.room('Tiefbau', ben);
  await ada.say(id, 'Schlagloch in der Schulgasse 3');
  const one = await house.enter(scene.barbara, `/chat/${id}`);
  await act(one.page, 'Schlagloch in der Schulgasse 3', 'Zitieren');
  await one.page.getByText('Sie antworten auf Ada Albers').waitFor();
  await say(one.page, 'Ich gebe es weiter');
  const answer = message(one.page, 'Ich gebe es weiter');
  await answer.getByRole('link', { name: /Schlagloch in der Schulgasse 3/ }).waitFor();

  await one.page.getByRole('article').filter({ hasText: 'Schlagloch' }).first().hover();
  await one.page
    .getByRole('article')
    .filter({ hasText: 'Schlagloch' })
    .first()
    .getByRole('button', { name: 'Mehr' })
    .click();
  await one.page.getByRole('menuitem', { name: 'Weiterleiten' }).click();
  await one.page.getByRole('dialog').getByLabel('Raum oder Person').fill('tief');
  await one.picture('talk-forward');
  await one.expectAccessible('forward');
  await one.page.getByRole('dialog').getByRole('button', { name: 'Tiefbau' }).click();
  await one.page.getByText('Weitergeleitet an Tiefbau.').first().waitFor();

  const two = await house.enter(ben, `/chat/${yard}`);
  await message(two.page, 'Schlagloch in der Schulgasse 3')
    .getByText(/Weitergeleitet von Ada Albers/)
    .waitFor();
  expect(await two.page.getByRole('article').getByText('Ordnungsamt').count()).toBe(0);

  await act(one.page, 'Ich gebe es weiter', 'Bearbeiten');
  await composer(one.page).fill('Ich habe es weitergegeben');
  await one.page.keyboard.press('Enter');
  await act(one.page, 'Ich habe es weitergegeben', 'Anheften');
  await message(one.page, 'Ich habe es weitergegeben').getByText('Angeheftet von Barbara Brandt').waitFor();
  await message(one.page, 'Ich habe es weitergegeben').getByRole('button', { name: 'bearbeitet' }).click();
  await one.page.getByRole('dialog', { name: 'Frühere Fassungen' }).getByText('Ich gebe es weiter').waitFor();
  await one.page.keyboard.press('Escape');
  await one.page.goto(`/chat/${id}/details`);
  await one.page.getByRole('link', { name: /Barbara Brandt Ich habe es weitergegeben/ }).waitFor();
  await one.picture('talk-pins');
  await one.expectAccessible('pins');
});

test('three people vote: the count is right, and the database does not know who chose what (001-10)', async () => {
  const [ada, ben] = [await house.person('Ada Albers'), await house.person('Ben Bauer')];
  const id = await house.room('Personalrat', ada, ben);
  const one = await house.enter(scene.barbara, `/chat/${id}`);
  await one.page.getByRole('button', { name: 'Umfrage' }).click();
  const dialog = one.page.getByRole('dialog', { name: 'Neue Umfrage' });
  await dialog.getByLabel('Frage').fill('Soll die Gleitzeit bleiben?');
  await dialog.getByLabel('Antwort 1').fill('Ja');
  await dialog.getByLabel('Antwort 2').fill('Nein');
  await dialog.getByLabel('Geheim abstimmen').check({ force: true });
  await one.picture('talk-poll-dialog');
  await one.expectAccessible('new poll');
  await dialog.getByRole('button', { name: 'Umfrage stellen' }).click();

  const [two, three] = [await house.enter(ada, `/chat/${id}`), await house.enter(ben, `/chat/${id}`)];
  const vote = async (page: Page, option: string) => {
    await page.getByRole('radio', { name: option }).check();
    await page.getByRole('button', { name: 'Abstimmen' }).click();
    await page.getByText('Sie haben abgestimmt.').waitFor();
  };
  await vote(one.page, 'Ja');
  await one.page.getByText('Das Ergebnis ist ab drei Stimmen zu sehen.').waitFor();
  await vote(two.page, 'Nein');
  await vote(three.page, 'Ja');
  for (const { page } of [one, two, three]) {
    await page.getByRole('progressbar', { name: 'Ja: 2 Stimmen' }).waitFor();
    await page.getByRole('progressbar', { name: 'Nein: 1 Stimme' }).waitFor();
    await page.getByText('3 Personen haben abgestimmt').waitFor();
  }
  await one.picture('talk-poll');
  await one.expectAccessible('poll');

  // Wherever the files of the database hold the poll, now or before, no voter stands in it.
  const files = readdirSync(join(scene.town.dir, 'data')).filter((name) => name.startsWith('rathaus.db'));
  const bytes = files.map((name) => readFileSync(join(scene.town.dir, 'data', name), 'utf8')).join('\n');
  const polls = bytes.match(/\{"poll":\{"question":"Soll die Gleitzeit bleiben\?".*?"voters":\d+/g) ?? [];
  expect(polls.some((poll) => poll.includes('"voters":3') && poll.includes('"votes":2'))).toBe(true);
  for (const voter of [scene.barbara, ada, ben]) expect(polls.join()).not.toContain(voter.id);

  await one.page.getByRole('button', { name: 'Umfrage beenden' }).click();
  await one.page.getByRole('alertdialog').getByRole('button', { name: 'Umfrage beenden' }).click();
  await two.page.getByText(/Beendet/).waitFor();
});
