// Server-Sent Events, as far as `GET /sync/stream` has them.

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** Text as it comes → the events that are whole by then. */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];

  take(text: string): ServerEvent[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): ServerEvent[] {
    if (line === '') return this.ended();
    const colon = line.indexOf(':');
    const [name, value] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)];
    const text = value.startsWith(' ') ? value.slice(1) : value;
    if (name === 'event') this.event = text;
    if (name === 'data') this.data.push(text);
    return [];
  }

  private ended(): ServerEvent[] {
    const { event, data } = this;
    this.event = '';
    this.data = [];
    return data.length === 0 ? [] : [{ event: event || 'message', data: data.join('\n') }];
  }
}
