import type { LoadGenerator } from './load/load.ts';
import type { LoadReport, LoadRun } from './load/load-run.ts';

/** Where webhooks arrive; the yardsticks listen on the same path. */
export const WEBHOOK_PATH = '/webhook-notify';

/** A program that takes webhooks, in a process of its own. */
export interface WebhookServer {
  readonly port: number;
  /** Processor time that it has used so far. */
  cpuMicros(): number;
}

export interface Pressing extends LoadReport {
  readonly cpuPerEvent: number;
  readonly perSecond: number;
}

/** Sends webhooks and says what each cost the server; one that is not answered with 200 ends the benchmark. */
export async function press(
  server: WebhookServer,
  load: LoadGenerator,
  run: Omit<LoadRun, 'port' | 'path'>,
): Promise<Pressing> {
  const before = server.cpuMicros();
  const report = await load.ask({ port: server.port, path: WEBHOOK_PATH, ...run });
  const { answered, refused, elapsedMs } = report;
  if (refused > 0) throw new Error(`${refused} of ${answered} webhooks were not answered with 200.`);
  return {
    ...report,
    cpuPerEvent: (server.cpuMicros() - before) / answered,
    perSecond: (answered * 1_000) / elapsedMs,
  };
}
