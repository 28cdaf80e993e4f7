/**
 * What memory has noted of the transaction under way, so that all of it is taken back when that is undone. It is not
 * read again from the file instead: the disk that did not let the transaction happen may not let it be read either, and
 * whoever knows less than the file holds could file an event without those before it (`inbox.ts`).
 */
export class UndoLog {
  private takeBacks: (() => void)[] = [];

  /** @param takeBack makes memory what it was before the change that has just been made */
  note(takeBack: () => void): void {
    this.takeBacks.push(takeBack);
  }

  /** The transaction is committed: nothing is to be taken back any more. */
  forget(): void {
    this.takeBacks = [];
  }

  /** The transaction is undone, and so is what was noted of it, the last change first. */
  undo(): void {
    const takeBacks = this.takeBacks.toReversed();
    this.takeBacks = [];
    for (const takeBack of takeBacks) takeBack();
  }
}
