import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { keepFocus } from './focus';

interface Props {
  readonly children: ComponentChildren;
  /** The button waits for what it returns. */
  readonly onPress: () => unknown;
  readonly kind?: 'primary' | 'plain' | 'danger' | 'link' | 'small' | 'undo-button' | 'icon-button';
  readonly label?: string;
}

/** Does one thing at a time: while it is at it, it keeps the focus and does nothing more. */
export function Button({ children, onPress, kind = 'plain', label }: Props) {
  const [busy, setBusy] = useState(false);
  async function press(button: HTMLElement) {
    if (busy) return;
    setBusy(true);
    try {
      await onPress();
    } finally {
      setBusy(false);
      keepFocus(button);
    }
  }
  return (
    <button
      type="button"
      class={kind === 'small' ? 'plain small' : kind}
      aria-disabled={busy}
      aria-label={label}
      onClick={(event) => void press(event.currentTarget)}
    >
      {children}
    </button>
  );
}
