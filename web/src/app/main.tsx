import { render } from 'preact';
import { Session } from '../sdk/engine/session';
import { WebStore } from '../sdk/store/web-store';
import { HttpAuthApi } from '../sdk/transport/auth-api';
import { sendWith } from '../sdk/transport/http';
import { HttpSyncApi } from '../sdk/transport/sync-api';
import { App } from './app';
import { Model } from './model';
import { becomeTheOnlyTab } from './only-tab';
import { Standstill } from './standstill';
import './style.css';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');

function build(): Model {
  const send = sendWith((...call) => fetch(...call));
  const store = new WebStore(localStorage);
  const session = new Session(new HttpAuthApi(send), store);
  const api = new HttpSyncApi(send, (call) => session.withToken(call));
  return new Model(store, session, api, { now: Date.now, newId: () => crypto.randomUUID() });
}

async function main(page: HTMLElement): Promise<void> {
  if (!isSecureContext) {
    render(
      <Standstill text="Tidemark needs a secure address (https, or localhost) to keep your edits safe." />,
      page,
    );
    return;
  }
  await becomeTheOnlyTab(navigator.locks, () => {
    render(
      <Standstill text="Tidemark is open in another tab. Close that one, and this page goes on by itself." />,
      page,
    );
  });
  const model = build();
  addEventListener('online', () => model.sync());
  // Whoever puts the phone away right after an edit expects it on the other device.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && model.waiting.value > 0) void model.sync();
  });
  const started = model.start();
  render(<App model={model} />, page);
  await started;
}

void main(root);
