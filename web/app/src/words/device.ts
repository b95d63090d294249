const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SEPARATORS_AT_END = /[-_.:]+$/;

const BROWSERS: Readonly<Record<string, string>> = {
  chrome: 'Chrome',
  chromium: 'Chromium',
  edge: 'Edge',
  firefox: 'Firefox',
  opera: 'Opera',
  safari: 'Safari',
  web: 'Browser',
};
const SYSTEMS: Readonly<Record<string, string>> = {
  android: 'Android',
  chromeos: 'ChromeOS',
  ios: 'iPhone or iPad',
  linux: 'Linux',
  mac: 'Mac',
  windows: 'Windows',
};

export interface DeviceName {
  /** "Firefox on Android", "laptop", "Device 3f2a". */
  readonly name: string;
  /** Tells devices of one name apart; empty: the name does. */
  readonly code: string;
  readonly isThis: boolean;
}

/** What a person calls the device that the service knows as `id`. */
export function deviceOf(id: string, own: string): DeviceName {
  const code = UUID.exec(id)?.[0].slice(0, 4) ?? '';
  const label = id.replace(UUID, '').replace(SEPARATORS_AT_END, '');
  const isThis = id === own;
  if (label === '') return { name: `Device ${code || id.slice(0, 4)}`, code: '', isThis };
  return { name: labelText(label), code, isThis };
}

/** Within a sentence: "this device", or its name. */
export function deviceText(id: string, own: string): string {
  const { name, isThis } = deviceOf(id, own);
  return isThis ? 'this device' : name;
}

/** Two devices within one sentence: with their codes where their names are the same. */
export function deviceTexts(ids: readonly [string, string], own: string): readonly [string, string] {
  const [one, other] = ids;
  const texts = [deviceText(one, own), deviceText(other, own)] as const;
  if (one === other || texts[0] !== texts[1]) return texts;
  return [codedText(one, own), codedText(other, own)];
}

function codedText(id: string, own: string): string {
  const { name, code } = deviceOf(id, own);
  return code === '' ? name : `${name} (${code})`;
}

export function atStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What this browser is, e.g. "firefox-android", as a part of a device's id. */
export function labelOfBrowser(userAgent: string): string {
  return `${browserOf(userAgent)}-${systemOf(userAgent)}`.replace(/-$/, '');
}

// Every browser claims to be others as well; the one that only a single one claims comes first.
function browserOf(userAgent: string): string {
  if (/\bEdgA?\//.test(userAgent)) return 'edge';
  if (/\bOPR\//.test(userAgent)) return 'opera';
  if (/\b(Firefox|FxiOS)\//.test(userAgent)) return 'firefox';
  if (/(Chrome|Chromium|CriOS)\//.test(userAgent)) return 'chrome';
  return /\bSafari\//.test(userAgent) ? 'safari' : 'web';
}

function systemOf(userAgent: string): string {
  if (/\bAndroid\b/.test(userAgent)) return 'android';
  if (/\b(iPhone|iPad)\b/.test(userAgent)) return 'ios';
  if (/\bWindows\b/.test(userAgent)) return 'windows';
  if (/\bCrOS\b/.test(userAgent)) return 'chromeos';
  if (/\bMacintosh\b/.test(userAgent)) return 'mac';
  return /\bLinux\b/.test(userAgent) ? 'linux' : '';
}

function labelText(label: string): string {
  const [first = '', second = '', ...more] = label.split('-');
  const browser = BROWSERS[first];
  const system = SYSTEMS[second];
  if (browser && more.length === 0) {
    if (system) return `${browser} on ${system}`;
    if (second === '') return browser;
  }
  return atStart(label);
}
