import { describe, expect, test, vi } from 'vitest';
import { ADA, contents, managerFixture, soon } from './manager.fixture';

const fixture = managerFixture();

describe('an account', () => {
  test('is made, entered and left', async () => {
    const manager = await fixture.tab();
    expect(manager.status()).toMatchObject({
      loggedIn: false,
      state: 'sign_in_needed',
      message: '',
      email: '',
    });
    await manager.register({ email: 'eve@example.org', password: 'long enough' });
    expect(manager.status()).toMatchObject({ loggedIn: true, state: 'online', email: 'eve@example.org' });
    await manager.logout();
    expect(manager.status()).toMatchObject({
      loggedIn: false,
      state: 'sign_in_needed',
      email: 'eve@example.org',
    });
    expect(manager.status().message).toBe('Log in again to sync. Tasks saved locally.');
  });

  test.each([
    ['email_taken', { ...ADA }],
    ['weak_password', { email: 'eve@example.org', password: 'short' }],
  ])('that cannot be made says %s', async (code, who) => {
    const manager = await fixture.tab();
    await expect(manager.register(who)).rejects.toMatchObject({ code });
    expect(manager.status().loggedIn).toBe(false);
  });

  test('does not open with a wrong password', async () => {
    const manager = await fixture.tab();
    await expect(manager.login({ ...ADA, password: 'wrong' })).rejects.toMatchObject({
      code: 'bad_credentials',
    });
    expect(manager.status().loggedIn).toBe(false);
  });

  test('gets no other person’s tasks; their new session is ended', async () => {
    fixture.service.addPerson('eve@example.org');
    const manager = await fixture.loggedIn();
    await manager.logout();
    const eve = { email: 'eve@example.org', password: 'correct horse' };
    await expect(manager.login(eve)).rejects.toMatchObject({ code: 'other_account' });
    await soon();
    expect(fixture.asked().filter((path) => path === 'POST /auth/logout')).toHaveLength(2);
    expect(manager.status()).toMatchObject({ loggedIn: false, email: ADA.email });
  });

  test('leaves nothing behind when it is erased, and anybody may enter', async () => {
    fixture.service.addPerson('eve@example.org');
    fixture.tasks.elsewhere({ id: 'milk', content: 'milk' });
    const manager = await fixture.loggedIn();
    await manager.syncNow();
    await manager.erase();
    expect(contents(manager)).toEqual([]);
    expect(manager.status()).toMatchObject({ loggedIn: false, email: '', deviceId: '' });
    await manager.login({ email: 'eve@example.org', password: 'correct horse' });
    expect(manager.status()).toMatchObject({ loggedIn: true, email: 'eve@example.org' });
  });

  test('is not erased with edits that would be lost, unless that is meant', async () => {
    const manager = await fixture.loggedIn();
    await manager.add('milk');
    await expect(manager.erase()).rejects.toMatchObject({ code: 'unsent_edits' });
    expect(contents(manager)).toEqual(['milk']);
    await manager.erase({ evenUnsent: true });
    expect(contents(manager)).toEqual([]);
  });

  test('is not erased with an edit that another tab has stored, whether this one has heard of it or not', async () => {
    const [manager, other] = [await fixture.loggedIn(), await fixture.tab()];
    await fixture.browser.deafen(async () => void (await other.add('milk')));
    expect(manager.status().pending).toBe(0);
    await expect(manager.erase()).rejects.toMatchObject({ code: 'unsent_edits' });
    expect(contents(other)).toEqual(['milk']);
    expect(other.status().loggedIn).toBe(true);
  });

  test('that is deleted leaves the tasks in the browser', async () => {
    const manager = await fixture.loggedIn();
    await manager.add('milk');
    await expect(manager.deleteAccount('wrong')).rejects.toMatchObject({ code: 'bad_credentials' });
    await manager.deleteAccount(ADA.password);
    expect(manager.status().loggedIn).toBe(false);
    expect(contents(manager)).toEqual(['milk']);
  });

  test('shows its sessions, and changes its password', async () => {
    const manager = await fixture.loggedIn();
    expect(await manager.sessions()).toMatchObject([{ current: true, device_id: null }]);
    await manager.changePassword(ADA.password, 'another horse');
    await expect(manager.changePassword(ADA.password, 'x')).rejects.toMatchObject({
      code: 'bad_credentials',
    });
  });
});

describe('tokens', () => {
  test('that have expired are renewed once, and the sync goes on', async () => {
    const manager = await fixture.loggedIn();
    fixture.service.expireAccessTokens();
    await manager.add('milk');
    expect(await manager.syncNow()).toMatchObject({ how: 'complete' });
    expect(fixture.asked().filter((path) => path === 'POST /auth/refresh')).toHaveLength(1);
  });

  test('are renewed without a refusal when the clock says that they have expired', async () => {
    const manager = await fixture.loggedIn();
    vi.setSystemTime(Date.now() + 901_000);
    await manager.syncNow();
    expect(fixture.asked().slice(-2)).toEqual(['POST /auth/refresh', 'POST /sync']);
  });

  test('are renewed though the answer to it is lost on its way', async () => {
    const manager = await fixture.loggedIn();
    fixture.service.refreshGrace = 60_000;
    fixture.service.expireAccessTokens();
    fixture.service.loseNextAnswer('/auth/refresh');
    const asked = expect(manager.devices()).resolves.toEqual([]);
    await soon();
    await asked;
    expect(manager.status().loggedIn).toBe(true);
  });

  test('are asked for three times before somebody is told that nobody answers', async () => {
    const manager = await fixture.loggedIn();
    fixture.service.expireAccessTokens();
    for (let i = 0; i < 3; ++i) fixture.service.atNext('/auth/refresh', () => Response.error());
    const asked = expect(manager.devices()).rejects.toMatchObject({ code: 'bad_answer' });
    await vi.advanceTimersByTimeAsync(6_000);
    await asked;
    expect(fixture.asked().filter((path) => path === 'POST /auth/refresh')).toHaveLength(3);
  });

  test('that are being renewed when the manager is closed are kept', async () => {
    const manager = await fixture.loggedIn();
    fixture.service.expireAccessTokens();
    const held = fixture.service.holdNext('/auth/refresh');
    manager.devices().catch(() => {});
    await held.arrived;
    const closed = manager.close();
    held.release();
    await closed;
    const later = await fixture.tab();
    expect(await later.devices()).toEqual([]);
    expect(fixture.asked().filter((path) => path === 'POST /auth/refresh')).toHaveLength(1);
  });

  test('that are refused end no session that was entered meanwhile', async () => {
    const [manager, other] = [await fixture.loggedIn(), await fixture.tab()];
    fixture.service.revokeSessions();
    const held = fixture.service.holdNext('/auth/refresh');
    const running = expect(manager.syncNow()).resolves.toMatchObject({ how: 'complete' });
    await held.arrived;
    const entered = other.login(ADA);
    await soon();
    held.release();
    await entered;
    await running;
    expect(manager.status().loggedIn).toBe(true);
  });

  test('that end for good make the person log in; the queue stays', async () => {
    const manager = await fixture.loggedIn();
    await manager.add('milk');
    fixture.service.revokeSessions();
    await expect(manager.syncNow()).rejects.toMatchObject({ status: 401 });
    expect(manager.status()).toMatchObject({ state: 'sign_in_needed', loggedIn: false, pending: 1 });
    await manager.login(ADA);
    await manager.syncNow();
    expect(fixture.tasks.living.size).toBe(1);
  });

  test('are renewed for other questions as well', async () => {
    const manager = await fixture.loggedIn();
    fixture.service.expireAccessTokens();
    expect(await manager.devices()).toEqual([]);
    expect(manager.status().loggedIn).toBe(true);
  });
});
