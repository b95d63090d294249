import { expect, test } from 'vitest';
import { contentFrom } from './content';
import { isMassChange } from './guard';
import { newReplica } from './replica';
import { parseEtag, selfCheck } from './self-check';

test('a text is trimmed, and without what would spoil the request', () => {
  expect(contentFrom(' a\0b \ud800\n')).toBe('ab \ufffd');
});

test('a text may have as many bytes of UTF-8 as the server takes, and no more', () => {
  expect(contentFrom('é'.repeat(8_192))).toHaveLength(8_192);
  expect(() => contentFrom('é'.repeat(8_193))).toThrow('16386 bytes');
});

test('half of the tasks may go, and any part of less than twenty', () => {
  expect([isMassChange(10, 20), isMassChange(11, 20), isMassChange(19, 19)]).toEqual([false, true, false]);
});

test.each(['"12-1735689800000-40"', '12-1735689800000-40'])(
  'an ETag tells count and version sum: %s',
  (etag) => {
    expect(parseEtag(etag)).toEqual({ count: 12, version_sum: 40 });
  },
);

test.each(['', '"', '12-5', '"12-5-40', '-1-5-40', '12-5-40-1', '12-5-x', '9999999999999999-5-1'])(
  'what is no ETag of Tidemark tells nothing: %s',
  (etag) => {
    expect(parseEtag(etag)).toBeNull();
  },
);

test('a difference heals once an hour, also after the clock was set back', () => {
  const at = (healed_at: number) => ({ ...newReplica(), live_count: 1, version_sum: 3, healed_at });
  const now = 10_000_000;
  expect(selfCheck(at(0), '1-5-3', now)).toBeNull();
  expect(selfCheck(at(0), '2-5-3', now)).toMatchObject({ heals: true, server: { count: 2 } });
  expect(selfCheck(at(now - 3_599_999), '1-5-4', now)).toMatchObject({ heals: false });
  expect(selfCheck(at(now - 3_600_000), '1-5-4', now)).toMatchObject({ heals: true });
  expect(selfCheck(at(now + 1), '1-5-4', now)).toMatchObject({ heals: true });
});
