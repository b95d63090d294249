import { Brand } from './brand';

/** The page where nothing can be done yet, and why. */
export function Standstill({ text }: { text: string }) {
  return (
    <main class="entry">
      <Brand />
      <p class="notice" role="status">
        {text}
      </p>
    </main>
  );
}
