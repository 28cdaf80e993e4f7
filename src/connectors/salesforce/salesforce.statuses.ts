import { objectOf } from '../kit/json.js';

/** A value of a status picklist with what it means; `won` counts for stages only. */
export interface Status {
  readonly name: string;
  /** Undefined: the user may not read what the value means. */
  readonly meaning?: 'open' | 'won' | 'closed';
}

type Choice = string | undefined;

/** The values an org calls these; undefined: it has none, and the field is left alone. */
export interface ChosenStatuses {
  readonly stages: { readonly open: Choice; readonly won: Choice; readonly lost: Choice };
  readonly cases: { readonly open: Choice; readonly closed: Choice };
  readonly tasks: { readonly closed: Choice };
}

/**
 * The values of a picklist that may be chosen, with their meaning.
 *
 * @param active the values that describe names
 * @param rows of OpportunityStage, CaseStatus or TaskStatus, in their order
 */
export function readStatuses(active: readonly string[], rows: readonly unknown[]): readonly Status[] {
  const known = rows.flatMap((row) => {
    const { ApiName: name, IsClosed: isClosed, IsWon: isWon } = objectOf(row);
    if (typeof name !== 'string' || !active.includes(name)) return [];
    const meaning = isWon === true ? 'won' : isClosed === true ? 'closed' : 'open';
    return [{ name, meaning } as const];
  });
  return known.length > 0 ? known : active.map((name) => ({ name }));
}

/** The names a new org has are preferred, because they are the ones people expect; every org may have others. */
export function chooseStatuses(
  lists: Readonly<Record<'stages' | 'cases' | 'tasks', readonly Status[]>>,
): ChosenStatuses {
  const [stages, cases, tasks] = [chooserOf(lists.stages), chooserOf(lists.cases), chooserOf(lists.tasks)];
  return {
    stages: {
      open: stages('open', 'Prospecting'),
      won: stages('won', 'Closed Won'),
      lost: stages('closed', 'Closed Lost'),
    },
    cases: { open: cases('open', 'New'), closed: cases('closed', 'Closed') },
    tasks: { closed: tasks('closed', 'Completed') },
  };
}

type Chooser = (meaning: Status['meaning'], preferred: string) => string | undefined;

function chooserOf(list: readonly Status[]): Chooser {
  return (meaning, preferred) => {
    const fitting = list.filter((status) => status.meaning === meaning || status.meaning === undefined);
    const first = fitting.find((status) => status.meaning === meaning);
    return (fitting.find(({ name }) => name === preferred) ?? first)?.name;
  };
}
