import { Brand } from '../parts/brand';

/** Nothing can be done here, and why. */
export function Standstill({ text }: { text: string }) {
  return (
    <main class="entry">
      <Brand />
      <p class="notice alarm" role="alert">
        {text}
      </p>
    </main>
  );
}
