import { describe, expect, it } from 'vitest';
import { deviceOf, deviceText, labelOfBrowser } from './device';

const UUID = '3f2a0000-0000-4000-8000-000000000001';

describe('the name of a device', () => {
  it.each([
    [`firefox-android-${UUID}`, 'Firefox on Android', '3f2a'],
    [`chrome-windows-${UUID}`, 'Chrome on Windows', '3f2a'],
    [`safari-${UUID}`, 'Safari', '3f2a'],
    [`web-${UUID}`, 'Browser', '3f2a'],
    [UUID, 'Device 3f2a', ''],
    ['laptop', 'Laptop', ''],
    ['desktop-main', 'Desktop-main', ''],
    [`work.laptop-${UUID}`, 'Work.laptop', '3f2a'],
    ['chrome-windows-old', 'Chrome-windows-old', ''],
  ])('of %s is %s', (id, name, code) => {
    expect(deviceOf(id, 'other')).toEqual({ name, code, isThis: false });
  });

  it('is this device in a sentence about the one in use', () => {
    expect(deviceText('laptop', 'laptop')).toBe('this device');
    expect(deviceText('laptop', 'phone')).toBe('Laptop');
  });
});

describe('the label of a browser', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'firefox-linux'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
      'chrome-linux',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
      'chrome-android',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0',
      'edge-windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'safari-ios',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
      'safari-mac',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36',
      'chrome-linux',
    ],
    ['something else', 'web'],
  ])('of %s is %s', (userAgent, label) => {
    expect(labelOfBrowser(userAgent)).toBe(label);
  });
});
