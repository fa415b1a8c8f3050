export function Notes() {
  return (
    <>
      <h1>Notes</h1>
      <textarea aria-label="Notes" placeholder="A call goes on while you write here." />
    </>
  );
}
