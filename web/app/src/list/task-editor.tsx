import { useComputed, useSignal } from '@preact/signals';
import { CONTENT_BYTES_MAX, type Task } from '@tidemark/sdk';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Model } from '../model/model';
import { isTooLong } from '../words/content';

interface Props {
  readonly model: Model;
  readonly task: Task;
  readonly onEnd: (how: 'saved' | 'left') => void;
}

/** A task's text, being edited where it stands. Leaving the field saves; Escape does not. */
export function TaskEditor({ model, task, onEnd }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const began = useRef(task.content).current;
  const typed = useSignal(task.content);
  const saved = useRef(task.content);
  const ended = useRef(false);
  const fault = useComputed(() => {
    if (typed.value.trim() === '') return 'A task needs a text.';
    if (isTooLong(typed.value))
      return `This is too long: a task holds ${CONTENT_BYTES_MAX.toLocaleString()} bytes.`;
    return '';
  });

  async function save(): Promise<boolean> {
    const content = typed.peek();
    if (fault.peek() !== '' || content === saved.current) return fault.peek() === '';
    // Deleted elsewhere: the field loses the focus because it goes, and what was typed is offered anew.
    if (!model.manager.tasks().has(task.id)) return false;
    const before = saved.current;
    saved.current = content;
    const done = await model.edit(task.id, content);
    if (!done) saved.current = before;
    return done;
  }

  function end(how: 'saved' | 'left') {
    if (ended.current) return;
    ended.current = true;
    onEnd(how);
  }

  async function submit() {
    if (await save()) end('saved');
    else field.current?.focus();
  }

  async function leaveField(event: FocusEvent & { currentTarget: HTMLFormElement }) {
    if (event.currentTarget.contains(event.relatedTarget as Node | null) || ended.current) return;
    // Another window: the person comes back to where they were, but what they typed is safe.
    const cameOut = document.hasFocus();
    const done = await save();
    if (cameOut && (done || typed.peek().trim() === '')) end('left');
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      end('left');
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
  useEffect(
    () => () => {
      const content = typed.peek();
      if (!ended.current && content !== saved.current) model.leaveEditor(task.id, content);
    },
    [model, task.id, typed],
  );
  useEffect(() => {
    const hide = () => {
      if (document.hidden) void save();
    };
    document.addEventListener('visibilitychange', hide);
    return () => document.removeEventListener('visibilitychange', hide);
  });

  const changedElsewhere = task.content !== began && task.content !== saved.current;
  return (
    <form
      class="editor"
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
          typed.value = event.currentTarget.value;
        }}
        onKeyDown={onKeyDown}
        dir="auto"
        enterkeyhint="done"
        aria-label="Text"
        aria-invalid={fault.value !== ''}
        aria-describedby="edit-error"
      />
      {changedElsewhere && (
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
        <button type="button" class="plain small" onClick={() => end('left')}>
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
