import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { contentFrom, isTooLong } from '../sdk/domain/content';
import { CONTENT_BYTES_MAX } from '../sdk/domain/task';

export const NEW_TASK_ID = 'new-task';

export function AddForm({ onAdd }: { onAdd: (content: string) => void }) {
  const typed = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  const tooLong = isTooLong(contentFrom(typed.value));
  useEffect(() => input.current?.focus(), []);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const content = contentFrom(typed.value);
    if (content === '' || tooLong) return;
    onAdd(content);
    typed.value = '';
  }

  return (
    <form class="add" onSubmit={submit} aria-label="Add a task">
      <label class="hidden" for={NEW_TASK_ID}>
        New task
      </label>
      <input
        id={NEW_TASK_ID}
        ref={input}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
        placeholder="What is there to do?"
        autocomplete="off"
        enterkeyhint="done"
        aria-invalid={tooLong}
        aria-describedby="add-error"
      />
      <button type="submit" class="primary">
        Add
      </button>
      <p id="add-error" class="error" role="alert">
        {tooLong && `This is too long: a task holds ${CONTENT_BYTES_MAX.toLocaleString()} bytes.`}
      </p>
    </form>
  );
}
