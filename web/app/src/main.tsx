import { openSyncManager, SyncError, type SyncManager } from '@tidemark/sdk';
import { render } from 'preact';
import { App, startKeys } from './app';
import { startClock } from './model/clock';
import { Drafts } from './model/drafts';
import { Model } from './model/model';
import { startNavigation } from './model/navigation';
import { preferencesIn } from './model/preferences';
import { Standstill } from './screens/standstill';
import { startServiceWorker } from './service-worker';
import { labelOfBrowser } from './words/device';
import { troubleText } from './words/trouble';
import './style/base.css';
import './style/list.css';
import './style/sheet.css';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');

function follow(manager: SyncManager): void {
  const look = () => manager.setForeground(!document.hidden);
  document.addEventListener('visibilitychange', look);
  addEventListener('online', () => manager.networkIsBack());
  manager.start();
  look();
}

function storage(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

async function main(page: HTMLElement): Promise<void> {
  void startServiceWorker(navigator.serviceWorker);
  let manager: SyncManager;
  try {
    manager = await openSyncManager({ deviceLabel: labelOfBrowser(navigator.userAgent) });
  } catch (error) {
    render(<Standstill text={standstillText(error)} />, page);
    return;
  }
  const preferences = preferencesIn(storage('localStorage'));
  const drafts = new Drafts(storage('sessionStorage'));
  const pace = {
    now: () => performance.now(),
    pause: () => new Promise<void>((resolve) => setTimeout(resolve)),
  };
  const timers = {
    set: (run: () => void, ms: number) => setTimeout(run, ms) as unknown as number,
    clear: (timer: number) => clearTimeout(timer),
  };
  const model = new Model(manager, { preferences, drafts, pace, timers });
  startClock();
  // Storage tells all tabs but the one that wrote.
  addEventListener('storage', () => model.readPreferences());
  startNavigation();
  startKeys(model, preferences);
  render(<App model={model} preferences={preferences} />, page);
  follow(manager);
}

function standstillText(error: unknown): string {
  if (error instanceof SyncError && error.code === 'unsupported')
    return 'Tidemark needs a secure address (https, or localhost) and a current browser to keep your edits safe.';
  return troubleText(error, Date.now());
}

void main(root);
