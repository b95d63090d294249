import { expect, test } from '@playwright/test';
import {
  add,
  expectSynced,
  logIn,
  newDevice,
  newEmail,
  register,
  retype,
  row,
  setOffline,
  statusLine,
  syncNow,
  task,
} from './person';

const UNUSUAL = `Buy <b>"milk"</b> & 'bread' \\ 100% — 牛乳 🥛 ‫שלום‬`;

test('a task typed on one device is completed on another at once, and gone from both once deleted', async ({
  browser,
}) => {
  const email = newEmail();
  const first = await newDevice(browser);
  await register(first, email);
  await add(first, UNUSUAL);
  await syncNow(first);

  const second = await newDevice(browser);
  await logIn(second, email);
  await task(second, UNUSUAL).check();
  await syncNow(second);
  await expect(task(first, UNUSUAL)).toBeChecked();

  await task(first, UNUSUAL).press('Delete');
  await expect(task(first, UNUSUAL)).toHaveCount(0);
  await syncNow(first);
  await expect(task(second, UNUSUAL)).toHaveCount(0);
});

test('edits of two offline devices meet: both agree, the conflict says who was kept, and one click takes the other text', async ({
  browser,
}) => {
  const email = newEmail();
  const [phone, laptop] = [await newDevice(browser), await newDevice(browser)];
  await register(phone, email);
  await add(phone, 'Buy milk', 'Call Grace');
  await syncNow(phone);
  await logIn(laptop, email);
  await expect(task(laptop, 'Call Grace')).toBeVisible();

  await setOffline(phone, true);
  await setOffline(laptop, true);
  await retype(phone, 'Buy milk', 'Buy oat milk');
  await task(phone, 'Call Grace').check();
  await retype(laptop, 'Buy milk', 'Buy soy milk');
  await add(laptop, 'Water the plants');
  await expect(statusLine(phone)).toContainText('2 changes waiting since');

  await setOffline(phone, false);
  await expectSynced(phone);
  await setOffline(laptop, false);
  await expectSynced(laptop);

  // The laptop's edit is the later one.
  for (const device of [phone, laptop]) {
    await expect(task(device, 'Buy soy milk')).toBeVisible();
    await expect(task(device, 'Call Grace')).toBeChecked();
    await expect(task(device, 'Water the plants')).toBeVisible();
  }

  await row(phone, 'Buy soy milk').getByRole('button', { name: 'Two versions' }).click();
  const conflict = phone.getByRole('article', { name: /^Conflict/ });
  await expect(conflict).toContainText(
    'You changed this on this device; the later text from Chrome on Linux was kept.',
  );
  await expect(conflict).toContainText('Buy oat milk');
  await conflict.getByRole('button', { name: 'Use my text instead' }).click();
  await expect(conflict).toHaveCount(0);
  await phone.keyboard.press('Escape');
  await expect(task(phone, 'Buy oat milk')).toBeVisible();
  await syncNow(phone);
  await expect(task(laptop, 'Buy oat milk')).toBeVisible();
});
