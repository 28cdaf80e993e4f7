/** The members whose value is not undefined, so that absent means absent. */
export function withoutUndefined(value: object): Readonly<Record<string, unknown>> {
  const members = value as Readonly<Record<string, unknown>>;
  const defined: Record<string, unknown> = {};
  // A policy has hundreds of such objects: pairs of names and values would be as many arrays again.
  for (const name of Object.keys(members)) {
    if (members[name] !== undefined) defined[name] = members[name];
  }
  return defined;
}
