interface Frame {
  readonly functionName: string;
  /** Empty for what is not JavaScript. */
  readonly url: string;
}

/** The part of V8's `.cpuprofile` that is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: Frame;
    readonly children?: readonly number[];
  }[];
  /** Which node was on top, sample by sample. */
  readonly samples?: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas?: readonly number[];
}

/** One function with the share of the busy time in which it was on top. */
export interface ProfileRow {
  readonly name: string;
  /** Where it is from: a file of the app, a package, or Node; for what is not JavaScript, whence it was called. */
  readonly from: string;
  readonly share: number;
}

/** What V8 writes for time in which the process had nothing to do, or was not looked at. */
const NOT_BUSY = new Set(['(idle)', '(root)']);

/** The busiest functions of a profile, and what their shares are of: the time in which the process was busy. */
export function topRows({ nodes, samples = [], timeDeltas = [] }: CpuProfile, count: number): readonly ProfileRow[] {
  const labels = labelsOf(nodes);
  const micros = new Map<string, { readonly name: string; readonly from: string; sum: number }>();
  let busy = 0;
  samples.forEach((id, place) => {
    const label = labels.get(id);
    if (label === undefined || NOT_BUSY.has(label.name)) return;
    const row = micros.get(`${label.name} ${label.from}`) ?? { ...label, sum: 0 };
    row.sum += timeDeltas[place] ?? 0;
    busy += timeDeltas[place] ?? 0;
    micros.set(`${label.name} ${label.from}`, row);
  });
  const rows = [...micros.values()].map(({ name, from, sum }) => ({ name, from, share: sum / busy }));
  return rows.toSorted((a, b) => b.share - a.share).slice(0, count);
}

/** What each node of the profile is called. A caller is always before what it calls. */
function labelsOf(nodes: CpuProfile['nodes']): ReadonlyMap<number, Pick<ProfileRow, 'name' | 'from'>> {
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const labels = new Map<number, Pick<ProfileRow, 'name' | 'from'>>();
  for (const { id, callFrame } of nodes) {
    const { functionName, url } = callFrame;
    const caller = labels.get(callers.get(id) ?? 0)?.from ?? 'V8';
    const from = url === '' ? caller : originOf(url);
    labels.set(id, { name: functionName || '(anonymous)', from });
  }
  return labels;
}

/** `dist/queue/…`, the name of a package, `node:http`; never where the project lies on the disk. */
function originOf(url: string): string {
  const [, packageName] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  const [, ours] = /\/(dist\/.*)$/.exec(url) ?? [];
  return packageName ?? ours ?? (url.startsWith('node:') ? url : 'other');
}
