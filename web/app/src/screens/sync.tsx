import type { DeviceStatus } from '@tidemark/sdk';
import { now } from '../model/clock';
import type { Model } from '../model/model';
import { Button } from '../parts/button';
import { HeldNotice } from '../parts/held-notice';
import { Loading, useLoaded } from '../parts/load';
import { Sheet } from '../parts/sheet';
import { ConflictCard, RejectionCard } from '../parts/troubles';
import { countText } from '../words/count';
import { deviceOf } from '../words/device';
import { statusLine } from '../words/status';
import { agoText, waitText } from '../words/when';

export function SyncScreen({ model }: { model: Model }) {
  return (
    <Sheet model={model} title="Sync">
      <State model={model} />
      <HeldNotice model={model} />
      <Rejected model={model} />
      <Conflicts model={model} />
      <Devices model={model} />
    </Sheet>
  );
}

function State({ model }: { model: Model }) {
  const status = model.status.value;
  const line = statusLine(status, now.value);
  const next = nextText(model, now.value);
  return (
    <section aria-label="State" class={`state-card ${line.mood}`}>
      <p class="state-large">
        <span class="dot" aria-hidden="true" />
        {line.text}
      </p>
      {line.detail !== '' && line.mood !== 'calm' && <p>{line.detail}</p>}
      {status.live && <p class="soft">Edits on your other devices arrive at once.</p>}
      {status.overdue && <p>An edit of yours has been waiting for more than a day.</p>}
      {next !== '' && <p class="soft">{next}</p>}
      <Button onPress={() => model.syncNow()}>Sync now</Button>
    </section>
  );
}

function nextText(model: Model, at: number): string {
  const { state, nextDue, leading } = model.status.value;
  const elsewhere = leading ? '' : ' Another tab does it.';
  if (state === 'sign_in_needed' || nextDue === null) return '';
  if (nextDue <= at) return `The next sync is due now.${elsewhere}`;
  const orEdit = state === 'online' ? ', or as soon as you edit something' : '';
  return `The next sync is ${waitText((nextDue - at) / 1_000, at)}${orEdit}.${elsewhere}`;
}

function Rejected({ model }: { model: Model }) {
  const rejected = model.rejected.value;
  if (rejected.length === 0) return null;
  return (
    <section aria-labelledby="rejected-heading">
      <h3 id="rejected-heading">Not accepted</h3>
      {rejected.map((rejection) => (
        <RejectionCard
          key={`${rejection.change.device_id} ${rejection.change.mutation_id}`}
          model={model}
          rejection={rejection}
        />
      ))}
    </section>
  );
}

function Conflicts({ model }: { model: Model }) {
  const conflicts = model.conflicts.value;
  return (
    <section aria-labelledby="conflicts-heading">
      <h3 id="conflicts-heading">Conflicts</h3>
      {conflicts.length === 0 && <p class="soft">No two devices changed the same thing at the same time.</p>}
      {conflicts.map((conflict) => (
        <ConflictCard key={`${conflict.at} ${conflict.field}`} model={model} conflict={conflict} />
      ))}
    </section>
  );
}

function Devices({ model }: { model: Model }) {
  const { deviceId, syncedAt, loggedIn } = model.status.value;
  const devices = useLoaded(() => model.manager.devices(), syncedAt);
  if (!loggedIn) return null;
  return (
    <section aria-labelledby="devices-heading">
      <h3 id="devices-heading">Your devices</h3>
      <Loading of={devices}>
        {(all) => (
          <ul class="plain-list devices">
            {sortedDevices(all, deviceId).map((device) => (
              <Device key={device.device_id} device={device} model={model} />
            ))}
          </ul>
        )}
      </Loading>
    </section>
  );
}

function sortedDevices(devices: readonly DeviceStatus[], own: string): readonly DeviceStatus[] {
  const rank = (device: DeviceStatus) => (device.device_id === own ? 0 : 1);
  return [...devices].sort((a, b) => rank(a) - rank(b) || b.last_seen - a.last_seen);
}

function Device({ device, model }: { device: DeviceStatus; model: Model }) {
  const { deviceId, pending } = model.status.value;
  const { name, code, isThis } = deviceOf(device.device_id, deviceId);
  const isBehind = isThis ? pending > 0 : !device.up_to_date;
  return (
    <li>
      <span class={isBehind ? 'dot waiting' : 'dot calm'} aria-hidden="true" />
      <div>
        <p>
          {name} {code !== '' && <span class="soft">{code}</span>}{' '}
          {isThis && <span class="tag">this device</span>}
        </p>
        <p class="soft">{isThis ? ownText(model, now.value) : otherText(device, pending, now.value)}</p>
      </div>
    </li>
  );
}

// What the service knows of this device is what it last asked: the device itself knows better.
function ownText(model: Model, at: number): string {
  const { pending, syncedAt } = model.status.value;
  if (pending > 0) return `${countText(pending, 'change')} not sent yet`;
  return syncedAt === 0 ? 'Not synced yet' : `Has all edits, synced ${agoText(syncedAt, at)}`;
}

function otherText(device: DeviceStatus, pending: number, at: number): string {
  const behind = `Has not confirmed ${countText(device.changes_behind, 'change')} yet`;
  const upToDate = pending > 0 ? 'Has all that was sent' : 'Has your latest edit';
  return `${device.up_to_date ? upToDate : behind}, seen ${agoText(device.last_seen, at)}`;
}
