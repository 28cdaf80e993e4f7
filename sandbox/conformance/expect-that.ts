/** @param otherwise what is wrong if it is not so, as a sentence */
export function expectThat(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Error(otherwise);
}
