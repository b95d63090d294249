import type { Place } from './keys';

const TEXT_FIELDS =
  'textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"], [type="button"])';

/** Where a key was pressed. */
export function placeOf(target: Element | null, letters: boolean): Place {
  return {
    typing: target?.matches(TEXT_FIELDS) === true,
    inList: target?.closest('.tasks') != null,
    onRow: target?.matches('.tasks [data-focus]') === true,
    inSheet: document.querySelector('dialog[open]') !== null,
    letters,
  };
}
