import type { Task } from '@tidemark/sdk';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { Model } from '../model/model';
import { TextEdit } from '../model/text-edit';

/** The editing of a task's text for as long as its editor exists. Whatever takes that away saves. */
export function useTextEdit(model: Model, task: Task): TextEdit {
  // Another text of the same task is followed.
  const edit = useMemo(() => new TextEdit(model, task), [model, task.id]);
  useLayoutEffect(() => edit.follow(task.content), [edit, task.content]);
  useEffect(() => {
    const hide = () => {
      if (document.hidden) void edit.save();
    };
    document.addEventListener('visibilitychange', hide);
    return () => {
      document.removeEventListener('visibilitychange', hide);
      edit.leave();
    };
  }, [edit]);
  return edit;
}
