/**
 * Resolves once no other tab uses Tidemark in this browser, and keeps it so until the page is closed. Two tabs that
 * write the same replica would overwrite each other's edits.
 */
export async function becomeTheOnlyTab(locks: LockManager, onWaiting: () => void): Promise<void> {
  if (await heldForGood(locks, { ifAvailable: true })) return;
  onWaiting();
  await heldForGood(locks, {});
}

function heldForGood(locks: LockManager, options: LockOptions): Promise<boolean> {
  return new Promise((resolve) => {
    void locks.request('tidemark', options, (lock) => {
      resolve(lock !== null);
      return lock === null ? null : new Promise(() => {});
    });
  });
}
