const KEY = 'tidemark-page.drafts';

/** The draft of a task that is not there yet; all others are named by their task's id. */
export const ADD_DRAFT = 'add';

/**
 * What is being typed and not stored yet, so that a page that is loaded anew or crashes has it still. It is kept for
 * the tab alone and for one person. In a storage that may be full or forbidden: then it is gone with the page.
 */
export class Drafts {
  private owner = '';
  private readonly texts = new Map<string, string>();

  constructor(private readonly storage: Storage | null) {
    try {
      const { owner, texts } = JSON.parse(storage?.getItem(KEY) ?? '{}');
      if (typeof owner !== 'string') return;
      this.owner = owner;
      for (const [key, content] of Object.entries(texts)) this.texts.set(key, String(content));
    } catch {
      this.texts.clear();
    }
  }

  /** Whose they are from now on. Those of anybody else are gone. */
  belongTo(owner: string): void {
    if (this.owner === owner) return;
    this.owner = owner;
    this.clear();
  }

  entries(): readonly (readonly [string, string])[] {
    return [...this.texts];
  }

  get(key: string): string {
    return this.texts.get(key) ?? '';
  }

  /** Blank: there is none. */
  set(key: string, content: string): void {
    if (content.trim() === '') {
      if (!this.texts.delete(key)) return;
    } else {
      this.texts.set(key, content);
    }
    this.write();
  }

  clear(): void {
    this.texts.clear();
    this.write();
  }

  private write(): void {
    try {
      if (this.texts.size === 0) this.storage?.removeItem(KEY);
      else
        this.storage?.setItem(
          KEY,
          JSON.stringify({ owner: this.owner, texts: Object.fromEntries(this.texts) }),
        );
    } catch {
      // It is gone with the page.
    }
  }
}
