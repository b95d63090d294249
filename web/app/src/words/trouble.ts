import { SyncError } from '@tidemark/sdk';
import { waitText } from './when';

/** What went wrong, and what to do, for a person. */
export function troubleText(error: unknown, now: number): string {
  if (!(error instanceof SyncError)) return `Something went wrong in this page: ${String(error)}`;
  const again = error.retry_after === null ? '' : ` Try again ${waitText(error.retry_after, now)}.`;
  return `${sentence(error)}${again}`;
}

function sentence(error: SyncError): string {
  switch (error.code) {
    case 'no_answer':
      return 'The service cannot be reached.';
    case 'missing_token':
    case 'expired_token':
    case 'invalid_token':
    case 'token_reused':
      return 'Log in again first.';
    case 'storage_full':
      return 'This browser has no room left. Nothing was stored.';
    case 'storage_newer':
      return 'A newer version of this page is there. Load the page again.';
    default:
      return ended(error.message || error.code);
  }
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
