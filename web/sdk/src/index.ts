// Keeps a person's Tidemark tasks in a browser, offline first. This file and sync-manager.ts are the manual.
//
//   const manager = await openSyncManager();
//   manager.subscribeTasks((ids) => redraw(ids));          // exactly the tasks that changed
//   manager.subscribeStatus((status) => show(status));
//   manager.start();                                       // syncs by itself from now on
//   manager.setForeground(!document.hidden);
//   document.addEventListener('visibilitychange', () => manager.setForeground(!document.hidden));
//   addEventListener('online', () => manager.networkIsBack());
//
//   if (!manager.status().loggedIn) await manager.login({ email, password });
//   await manager.add('milk');                             // stored at once, sent soon
//   for (const task of manager.list()) …
//
//   try { … } catch (error) { if (error instanceof SyncError && error.code === 'bad_credentials') … }
//
// Whoever wants nothing to be left in the browser after a logout:
//
//   await manager.syncNow().catch(() => {});
//   await manager.erase().catch(() => manager.logout());   // with edits that could not leave, these are kept
export type { ErrorCode, LocalCode, ServerCode } from './domain/errors';
export { SyncError } from './domain/errors';
export type {
  Conflict,
  Credentials,
  DeviceStatus,
  FieldEdit,
  HistoryEntry,
  SessionInfo,
  Usage,
} from './domain/protocol';
export type { HeldAnswer, Rejection } from './domain/replica';
export type { Difference, RunEnd, Totals } from './domain/run-end';
export type { Change, Field, Fields, FieldValue } from './domain/task';
export { CONTENT_BYTES_MAX } from './domain/task';
export type { Task } from './domain/view';
export type { SyncOptions } from './open';
export { openSyncManager } from './open';
export type { EraseOptions, SyncManager, SyncNowOptions, SyncStatus, Unsubscribe } from './sync-manager';
