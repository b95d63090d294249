import { SyncError } from '@tidemark/sdk';
import { describe, expect, it } from 'vitest';
import { troubleText } from './trouble';

const NOW = 1_000_000;

describe('an error in words', () => {
  it('says what the service said, and when it is worth trying again', () => {
    const error = new SyncError('rate_limited', 'Too many logins', { status: 429, retry_after: 20 });
    expect(troubleText(error, NOW)).toBe('Too many logins. Try again in 20 s.');
  });

  it('says that nobody answered', () => {
    expect(troubleText(new SyncError('no_answer', 'fetch failed'), NOW)).toBe(
      'The service cannot be reached.',
    );
  });

  it('says that a full browser stored nothing', () => {
    expect(troubleText(new SyncError('storage_full', ''), NOW)).toContain('Nothing was stored');
  });

  it('names the code where there are no words', () => {
    expect(troubleText(new SyncError('new_code', ''), NOW)).toBe('new_code.');
  });

  it('does not hide a fault of the page', () => {
    expect(troubleText(new TypeError('x is null'), NOW)).toContain('x is null');
  });
});
