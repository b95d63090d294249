import type { Task } from '@tidemark/sdk';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Model } from '../model/model';
import { useTextEdit } from '../parts/use-text-edit';

interface Props {
  readonly model: Model;
  readonly task: Task;
  readonly onEnd: (how: 'saved' | 'left') => void;
}

/** A task's text, being edited where it stands. Leaving the field saves; Escape does not. */
export function TaskEditor({ model, task, onEnd }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const edit = useTextEdit(model, task);
  const { typed, fault } = edit;
  const ended = useRef(false);

  function end(how: 'saved' | 'left') {
    if (ended.current) return;
    ended.current = true;
    onEnd(how);
  }

  async function submit() {
    if (await edit.save()) end('saved');
    else field.current?.focus();
  }

  async function leaveField(event: FocusEvent & { currentTarget: HTMLFormElement }) {
    if (event.currentTarget.contains(event.relatedTarget as Node | null) || ended.current) return;
    // Another window: the person comes back to where they were, but what they typed is safe.
    const cameOut = document.hasFocus();
    const done = await edit.save();
    if (cameOut && (done || typed.peek().trim() === '')) end('left');
  }

  function cancel() {
    edit.discard();
    end('left');
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      cancel();
    }
  }

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.focus({ preventScroll: true });
    element.setSelectionRange(element.value.length, element.value.length);
    element.closest('li')?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  }, []);
  useFittingHeight(field, typed.value);

  return (
    <form
      class="editor"
      // Where a clicked button gets no focus, the form does: the person has not left it.
      tabindex={-1}
      aria-label="Edit the task"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onFocusOut={(event) => void leaveField(event)}
    >
      <textarea
        ref={field}
        rows={1}
        value={typed.value}
        onInput={(event) => {
          edit.type(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        dir="auto"
        enterkeyhint="done"
        aria-label="Text"
        aria-invalid={fault.value !== ''}
        aria-describedby="edit-error"
      />
      {edit.isChangedElsewhere(task.content) && (
        <p class="elsewhere">
          Changed on another device meanwhile: <q dir="auto">{task.content}</q> If you save, that text is in
          the history.
        </p>
      )}
      <p id="edit-error" class="error" role="alert">
        {fault.value}
      </p>
      <div class="editor-foot">
        <button type="submit" class="primary small">
          Save
        </button>
        <button type="button" class="plain small" onClick={cancel}>
          Cancel
        </button>
        <span class="hint">Shift+Enter: a new line</span>
      </div>
    </form>
  );
}

function useFittingHeight(field: { current: HTMLTextAreaElement | null }, typed: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [field, typed]);
}
