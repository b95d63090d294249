/**
 * A button that was pressed may be gone then, and the focus with it: it goes to the heading of the sheet that is
 * open, or else to the list, so that who uses the keyboard is not sent back to the beginning of the page.
 */
export function keepFocus(button: HTMLElement): void {
  requestAnimationFrame(() => {
    if (button.isConnected || document.activeElement !== document.body) return;
    const place =
      document.querySelector<HTMLElement>('dialog[open] h2[tabindex]') ??
      document.querySelector<HTMLElement>('.tasks [data-focus][tabindex="0"]') ??
      document.querySelector<HTMLElement>('form.add input');
    place?.focus();
  });
}
