import { CONTENT_BYTES_MAX } from '@tidemark/sdk';
import type { Model } from '../model/model';
import { isTooLong } from '../words/content';

export const ADD_FIELD = 'new-task';

export function AddForm({ model }: { model: Model }) {
  const typed = model.adding;
  const tooLong = isTooLong(typed.value);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (typed.peek().trim() !== '' && !tooLong) void model.addTyped();
  }

  return (
    <form class="add" onSubmit={submit} aria-label="Add a task">
      <label class="hidden" for={ADD_FIELD}>
        New task
      </label>
      <input
        id={ADD_FIELD}
        value={typed.value}
        onInput={(event) => model.typeNew(event.currentTarget.value)}
        placeholder="What is there to do?"
        autocomplete="off"
        enterkeyhint="done"
        dir="auto"
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
