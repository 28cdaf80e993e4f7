import { setTimeout as sleep } from 'node:timers/promises';
import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase } from '../kit/bench-case.ts';
import { Measurements } from '../kit/measurements.ts';
import type { MemoryUse } from '../kit/process-usage.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';
import { Yardstick } from '../kit/yardstick.ts';

/** After this long nothing of the start is still going on. */
const AT_REST_MS = 2_000;

interface Started {
  readonly startedIn: { readonly wallMs: number; readonly cpuMicros: number };
  memory(): MemoryUse;
  end(): Promise<void>;
}

/** Cold start until `/health` answers, on an empty data folder, against the least that Nest and Node need. */
export const start: BenchCase = {
  name: 'start',
  title: 'Cold start until /health answers',
  rounds: 7,
  run: async (context) => {
    const surroundings = await Surroundings.start();
    context.afterwards(() => surroundings.end());
    const ways: Readonly<Record<string, () => Promise<Started>>> = {
      app: () => BenchApp.start({ surroundings, dataDir: context.folder() }),
      'bare Nest on Express': () => Yardstick.start('bare-nest'),
      'bare node:http': () => Yardstick.start('bare-server'),
    };
    const measurements = new Measurements();
    // Warm: the first start reads the files from the disk.
    for (let round = 0; round <= context.rounds; round++) {
      for (const [name, way] of Object.entries(ways)) {
        const started = await way();
        await sleep(AT_REST_MS);
        const { residentKb, privateKb } = started.memory();
        const { wallMs, cpuMicros } = started.startedIn;
        await started.end();
        if (round === 0) continue;
        measurements.add(name, {
          'CPU s': cpuMicros / 1e6,
          'wall s': wallMs / 1e3,
          'resident MB': residentKb / 1024,
          'private MB': privateKb / 1024,
        });
        context.say(`round ${round} of ${context.rounds}: ${name} ${(cpuMicros / 1e6).toFixed(2)} s of CPU`);
      }
    }
    return { conditions: {}, variants: measurements.variants(), skipped: [] };
  },
};
