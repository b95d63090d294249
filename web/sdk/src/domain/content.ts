import { SyncError } from './errors';
import { CONTENT_BYTES_MAX } from './task';

const encoder = new TextEncoder();

/**
 * What a person typed, as the server can store it: without NUL and half surrogate pairs (one of them would spoil
 * the request for all other edits), trimmed. validation: nothing is left, or too much.
 */
export function contentFrom(typed: string): string {
  const wellFormed = new TextDecoder().decode(encoder.encode(typed));
  const content = wellFormed.replaceAll('\0', '').trim();
  if (content === '') throw new SyncError('validation', 'A task needs a text.');
  const bytes = utf8Bytes(content);
  if (bytes > CONTENT_BYTES_MAX) {
    throw new SyncError('validation', `The text has ${bytes} bytes; a task holds ${CONTENT_BYTES_MAX}.`);
  }
  return content;
}

export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}
