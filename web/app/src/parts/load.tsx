import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { troubleText } from '../words/trouble';
import { Button } from './button';

export interface Loaded<Value> {
  readonly value: Value | null;
  readonly trouble: string;
  /** Asks again; what is shown stays until the answer is there. */
  readonly load: () => Promise<void>;
}

/** What only the service knows: asked for when it is looked at, and again when `key` changes. */
export function useLoaded<Value>(ask: () => Promise<Value>, key: unknown): Loaded<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [trouble, setTrouble] = useState('');
  const latest = useRef(ask);
  latest.current = ask;
  const asked = useRef(0);
  const load = useCallback(async () => {
    const number = ++asked.current;
    try {
      const answer = await latest.current();
      if (number !== asked.current) return;
      setValue(answer);
      setTrouble('');
    } catch (error) {
      if (number === asked.current) setTrouble(troubleText(error, Date.now()));
    }
  }, []);
  useEffect(() => {
    void load();
    return () => {
      asked.current += 1;
    };
  }, [key]);
  return { value, trouble, load };
}

interface Props<Value> {
  readonly of: Loaded<Value>;
  readonly children: (value: Value) => ComponentChildren;
}

export function Loading<Value>({ of, children }: Props<Value>) {
  return (
    <>
      {of.trouble !== '' && (
        <div class="notice" role="status">
          <p>{of.trouble}</p>
          <Button onPress={of.load}>Ask again</Button>
        </div>
      )}
      {of.value !== null && children(of.value)}
      {of.value === null && of.trouble === '' && <p class="soft">Asking the service…</p>}
    </>
  );
}
