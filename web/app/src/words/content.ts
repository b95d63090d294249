import { CONTENT_BYTES_MAX } from '@tidemark/sdk';

const BYTES_PER_UNIT_MAX = 3;

export function isTooLong(content: string): boolean {
  if (content.length * BYTES_PER_UNIT_MAX <= CONTENT_BYTES_MAX) return false;
  return new TextEncoder().encode(content).length > CONTENT_BYTES_MAX;
}
