import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Shows the dialog for as long as it exists, and gives the focus back afterwards. */
export function useModal(dialog: RefObject<HTMLDialogElement | null>): void {
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      giveBack(before);
    };
  }, [dialog]);
}

// The row that had it may have been drawn anew: then the one that stands for the list gets it.
function giveBack(before: Element | null): void {
  if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
  else document.querySelector<HTMLElement>('.tasks [data-focus][tabindex="0"]')?.focus();
}
