/** Whoever wants to be told. One that throws keeps no other from it: its error is that of nobody who called. */
export class Subscribers<T> {
  private readonly all = new Set<(value: T) => void>();

  add(subscriber: (value: T) => void): () => void {
    // The same function may subscribe twice.
    const own = (value: T) => subscriber(value);
    this.all.add(own);
    return () => void this.all.delete(own);
  }

  tell(value: T): void {
    for (const subscriber of [...this.all]) {
      try {
        subscriber(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
