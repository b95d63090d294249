import type { Model } from '../model/model';
import { Button } from './button';

/** What went wrong last with something that was done in the page. */
export function TroubleNotice({ model }: { model: Model }) {
  if (model.trouble.value === '') return null;
  return (
    <div class="notice alarm" role="alert">
      <p>{model.trouble.value}</p>
      <Button
        kind="small"
        onPress={() => {
          model.trouble.value = '';
        }}
      >
        Dismiss
      </Button>
    </div>
  );
}
