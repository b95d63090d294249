// What tabs on one store tell each other. The adapter is a BroadcastChannel, which does not tell the sender.

export type TabMessage =
  /** It has stored something; `revision` counts all that was stored. Null: any task may have changed. */
  | { readonly is: 'wrote'; readonly revision: number; readonly ids: readonly string[] | null }
  /** It leads, and nobody looks at it: a tab that is looked at takes the lead. */
  | { readonly is: 'leads_behind' }
  /** It leads, and a live stream is open there, or none. */
  | { readonly is: 'live'; readonly live: boolean }
  /** It is new, and asks whether a live stream is open. */
  | { readonly is: 'hello' };

export interface Tabs {
  tell(message: TabMessage): void;
  /** At most one listener. */
  listen(heard: (message: TabMessage) => void): void;
  close(): void;
}

export class BroadcastTabs implements Tabs {
  private readonly channel: BroadcastChannel;
  private isClosed = false;

  constructor(name: string) {
    this.channel = new BroadcastChannel(name);
  }

  tell(message: TabMessage): void {
    // What is stored is stored, though nobody can be told of it any more.
    if (!this.isClosed) this.channel.postMessage(message);
  }

  listen(heard: (message: TabMessage) => void): void {
    this.channel.onmessage = ({ data }: MessageEvent<TabMessage>) => heard(data);
  }

  close(): void {
    this.isClosed = true;
    this.channel.close();
  }
}
