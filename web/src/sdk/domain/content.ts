import { CONTENT_BYTES_MAX } from './task';

/**
 * What a person typed, as the server can store it: without NUL and half surrogate pairs (one of them would spoil
 * the request for all other edits), trimmed.
 */
export function contentFrom(typed: string): string {
  const wellFormed = new TextDecoder().decode(new TextEncoder().encode(typed));
  return wellFormed.replaceAll('\0', '').trim();
}

export function isTooLong(content: string): boolean {
  return new TextEncoder().encode(content).length > CONTENT_BYTES_MAX;
}
