/** "1 change", "3 changes", "1,204 changes". */
export function countText(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count.toLocaleString()} ${many}`;
}

/** The beginning of a text, on one line, for where a whole one has no room. */
export function shortText(content: string, length = 60): string {
  const line = content
    .slice(0, length * 2)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= length && content.length <= length * 2) return line;
  return `${line.slice(0, length - 1).trimEnd()}…`;
}

/** In quotes, as a name within a sentence. */
export function quoted(content: string | undefined): string {
  return content === undefined ? 'A task' : `“${shortText(content)}”`;
}
