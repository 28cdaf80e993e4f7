/**
 * Loads a module with the first call and remembers it: a connector's code costs memory only where a tenant uses it, and
 * to ask the loader with each delivery costs a tenth of a small call.
 */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => (loaded ??= load());
}
