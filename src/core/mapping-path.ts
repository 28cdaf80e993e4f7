/** Where a field lives in the tenant's configuration: what a mapping path of the Marketplace says. */
export type MappingPath =
  | { readonly scope: 'policyholder'; readonly group?: string; readonly field: string }
  | {
      readonly scope: 'product';
      readonly product: string;
      readonly exposure?: string;
      readonly peril?: string;
      readonly group?: string;
      readonly field: string;
    };

interface Step {
  /** `$` for the root. */
  readonly name: string;
  /** The `@.name` that the step's filter asks for. */
  readonly filter?: string;
}

const QUOTED_OR_BLANK = /('[^']*'|"[^"]*")|\s+/g;
const STEP = /(\$|[A-Za-z_][\w-]*)(?:\[\?\(@\.name==(?:'([^']+)'|"([^"]+)")\)\])?(\.|$)/y;

/** White space counts only inside quotes. Undefined: not the grammar of mapping paths, for example a missing `)]`. */
function stepsOf(path: string): readonly Step[] | undefined {
  const text = path.replaceAll(QUOTED_OR_BLANK, '$1');
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  for (let end = ''; STEP.lastIndex < text.length || end === '.';) {
    const match = STEP.exec(text);
    if (match === null) return undefined;
    const filter = match[2] ?? match[3];
    steps.push({ name: match[1] ?? '', ...(filter !== undefined && { filter }) });
    end = match[4] ?? '';
  }
  return steps;
}

interface Tail {
  readonly group?: string;
  readonly field: string;
}

/** One `fields` step names the field, two name its group and the field; deeper groups are not known to exist. */
function fieldOf(steps: readonly Step[]): Tail | undefined {
  const [first, second, ...rest] = steps;
  if (first?.name !== 'fields' || first.filter === undefined || rest.length > 0) return undefined;
  if (second === undefined) return { field: first.filter };
  if (second.name !== 'fields' || second.filter === undefined) return undefined;
  return { group: first.filter, field: second.filter };
}

function productPath(product: string, steps: readonly Step[]): MappingPath | undefined {
  const rest = [...steps];
  // A level without a filter stays where it is, and then no field follows.
  const take = (name: string) => (rest[0]?.name === name && rest[0].filter ? rest.shift()?.filter : undefined);
  const exposure = take('exposures');
  const peril = exposure === undefined ? undefined : take('perils');
  const tail = fieldOf(rest);
  if (tail === undefined) return undefined;
  return {
    scope: 'product',
    product,
    ...(exposure !== undefined && { exposure }),
    ...(peril !== undefined && { peril }),
    ...tail,
  };
}

/**
 * Reads a mapping path. It looks like JSONPath but addresses the product's configuration, not a policy, so it is
 * translated and never run. Everything outside the known forms is undefined: unresolvable.
 */
export function parseMappingPath(path: string): MappingPath | undefined {
  const steps = stepsOf(path);
  const [first, second, ...rest] = steps ?? [];
  if (first === undefined || second === undefined) return undefined;
  if (first.name === 'policyholder' && first.filter === undefined) {
    const tail = fieldOf([second, ...rest]);
    return tail && { scope: 'policyholder', ...tail };
  }
  if (first.name !== '$' || first.filter === undefined) return undefined;
  if (second.name !== 'policyConfiguration' || second.filter !== undefined) return undefined;
  return productPath(first.filter, rest);
}
