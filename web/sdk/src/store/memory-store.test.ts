import { localStoreContract, type StoreFixture } from './local-store.contract';
import { MemoryDisk, MemoryStore } from './memory-store';

localStoreContract(async () => {
  const disk = new MemoryDisk();
  const fixture: StoreFixture = {
    store: new MemoryStore(disk),
    async reopen() {
      this.store = new MemoryStore(disk);
    },
  };
  return fixture;
});
