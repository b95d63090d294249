import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { useModal } from './modal';

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onLeave: () => unknown;
}

/** A question that has to be answered, or left by Escape, before anything else is done. */
export function Question({ title, children, onLeave }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useModal(dialog);
  return (
    <dialog
      ref={dialog}
      class="question"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onLeave();
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
