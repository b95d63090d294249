import type { LimitTold } from '../domain/schedule/event';

// A structured field (RFC 9651): a string, and parameters that are whole numbers.
const ITEM = /^"([^"]*)"((?:;[a-z]+=\d+)*)$/;

/** `"sync";r=9;t=14400` and `"sync";q=10;w=144000`. Null: they are not of this form, or of two policies. */
export function parseRateLimit(limit: string | null, policy: string | null): LimitTold | null {
  const left = parse(limit);
  const whole = parse(policy);
  if (!left || !whole || left.name !== whole.name) return null;
  const [r, t, q, w] = [left.get('r'), left.get('t'), whole.get('q'), whole.get('w')];
  if (r === undefined || t === undefined || q === undefined || w === undefined) return null;
  return { policy: left.name, remaining: r, reset: t, limit: q, window: w };
}

function parse(text: string | null): { name: string; get: (parameter: string) => number | undefined } | null {
  const item = ITEM.exec(text ?? '');
  if (!item) return null;
  const parameters = new Map<string, number>();
  for (const parameter of item[2]?.split(';').slice(1) ?? []) {
    const [name = '', value] = parameter.split('=');
    parameters.set(name, Number(value));
  }
  return { name: item[1] ?? '', get: (parameter) => parameters.get(parameter) };
}
