/** Gives this page a local storage of its own: test files of one origin run side by side, and would share the browser's. */
export function useOwnStorage(): void {
  const kept = new Map<string, string>();
  const own: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
  Object.defineProperty(window, 'localStorage', { value: own, configurable: true });
}
