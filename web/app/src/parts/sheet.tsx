import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { now } from '../model/clock';
import type { Model } from '../model/model';
import { goToList } from '../model/navigation';
import { statusLine } from '../words/status';
import { Icon } from './icons';
import { useModal } from './modal';
import { TroubleNotice } from './trouble-notice';

interface Props {
  readonly model: Model;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Something over the list: at its side where there is room, the whole screen of a phone. */
export function Sheet({ model, title, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  // What is behind the sheet cannot be heard: what is said from now on is said in it.
  const saidBefore = useRef(model.said.peek()).current;
  useModal(dialog);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does what a click beside the sheet does.
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={heading}
      onCancel={(event) => {
        if (event.target !== dialog.current) return;
        event.preventDefault();
        goToList();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) goToList();
      }}
    >
      <div class="sheet-inside">
        <header class="sheet-head">
          <h2 id={heading} tabindex={-1} autofocus>
            {title}
          </h2>
          <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" onClick={goToList}>
            <Icon name="close" />
          </button>
        </header>
        <div class="sheet-body">
          <TroubleNotice model={model} />
          {children}
        </div>
        <p class="hidden" role="status">
          {model.said.value !== saidBefore && model.said.value}
        </p>
        <State model={model} />
      </div>
    </dialog>
  );
}

// The sheet covers the line at the foot of the page on a phone.
function State({ model }: { model: Model }) {
  const line = statusLine(model.status.value, now.value);
  return (
    <p class={`sheet-foot ${line.mood}`}>
      <span class="dot" aria-hidden="true" />
      {line.text}
    </p>
  );
}
