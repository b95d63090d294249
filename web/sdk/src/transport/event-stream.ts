// Server-Sent Events, as far as `GET /sync/stream` has them.
import { SyncError } from '../domain/errors';

/** Characters of one event. One of the service has less than 200. */
export const EVENT_CHARS_MAX = 65_536;

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** Text as it comes → the events that are whole by then. Throws bad_answer where one is larger than any is. */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private dataChars = 0;

  take(text: string): ServerEvent[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    const events = lines.flatMap((line) => this.line(line));
    if (this.rest.length + this.dataChars > EVENT_CHARS_MAX) {
      throw new SyncError('bad_answer', 'The live stream tells something other than Tidemark does.');
    }
    return events;
  }

  private line(line: string): ServerEvent[] {
    if (line === '') return this.ended();
    const colon = line.indexOf(':');
    const [name, value] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
    const text = value.startsWith(' ') ? value.slice(1) : value;
    if (name === 'event') this.event = text;
    if (name === 'data') {
      this.data.push(text);
      this.dataChars += text.length;
    }
    return [];
  }

  private ended(): ServerEvent[] {
    const { event, data } = this;
    this.event = '';
    this.data = [];
    this.dataChars = 0;
    return data.length === 0 ? [] : [{ event: event || 'message', data: data.join('\n') }];
  }
}
