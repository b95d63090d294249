/** A task as the person sees it: what the server said, under what they did since. */
export interface Task {
  readonly id: string;
  readonly content: string;
  readonly completed: boolean;
  readonly pinned: boolean;
  readonly created_at: number;
  readonly updated_at: number;
  /** Null, unless it was asked for among the deleted ones. */
  readonly deleted_at: number | null;
  /** The server has not answered to an edit of it yet. */
  readonly pending: boolean;
}
