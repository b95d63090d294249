export function Brand() {
  return (
    <div class="brand">
      <img src="/favicon.svg" alt="" width="32" height="32" />
      <h1>Tidemark</h1>
    </div>
  );
}
