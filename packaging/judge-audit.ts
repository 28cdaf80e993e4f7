/** What `npm audit --json` means for the build. */
export type AuditVerdict =
  | { readonly kind: 'passed' | 'failed'; readonly lines: readonly string[] }
  /** The registry cannot say: the build goes on without an audit, and says so. */
  | { readonly kind: 'not_audited'; readonly lines: readonly string[] };

/** The rule: these fail the build, lesser ones are told. */
const FAILING = new Set(['high', 'critical']);

/** @param text what `npm audit --omit=dev --json` wrote to standard output, whatever its exit code */
export function judgeAudit(text: string): AuditVerdict {
  const report = objectIn(text);
  if (report === undefined) return { kind: 'failed', lines: ['npm audit gave no JSON.'] };
  const { vulnerabilities, statusCode, error } = report;
  if (!isObject(vulnerabilities)) {
    // Whatever is neither a report nor the registry's refusal is a broken audit, which must not look like a clean one.
    if (!isObject(error)) return { kind: 'failed', lines: ['npm audit gave no report.'] };
    const status = typeof statusCode === 'number' ? `answers ${statusCode}` : 'does not answer';
    return { kind: 'not_audited', lines: [`Not audited: the registry's audit endpoint ${status}.`] };
  }
  const found = Object.entries(vulnerabilities).map(([name, entry]) => ({ name, ...severityOf(entry) }));
  const lines = found.map(({ name, severity, titles }) => `${severity}: ${[name, ...titles].join(', ')}`).sort();
  const fails = found.some(({ severity }) => FAILING.has(severity));
  return { kind: fails ? 'failed' : 'passed', lines };
}

/** An unknown severity counts as the worst. */
function severityOf(entry: unknown): { readonly severity: string; readonly titles: readonly string[] } {
  if (!isObject(entry)) return { severity: 'critical', titles: [] };
  const { severity, via } = entry;
  const titles = (Array.isArray(via) ? via : []).flatMap((one: unknown) =>
    isObject(one) && typeof one.title === 'string' ? [`${one.title} (${String(one.url)})`] : [],
  );
  return { severity: typeof severity === 'string' ? severity : 'critical', titles };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : undefined;
  } catch {
    // The caller says that there is no report.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
