import { Mark } from './icons';

export function Brand() {
  return (
    <div class="brand large">
      <Mark />
      <h1>Tidemark</h1>
    </div>
  );
}
