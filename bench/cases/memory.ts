import { setTimeout as sleep } from 'node:timers/promises';
import { fillBacklog } from '../kit/backlog.ts';
import { BenchApp } from '../kit/bench-app.ts';
import type { BenchCase, BenchContext } from '../kit/bench-case.ts';
import { type ControlGroup, createControlGroup } from '../kit/control-group.ts';
import { type LoadGenerator, startLoad } from '../kit/load/load.ts';
import { PLAN } from '../kit/machine.ts';
import { Measurements } from '../kit/measurements.ts';
import { press } from '../kit/press.ts';
import { sqliteStore } from '../kit/store.ts';
import { FIRST_LARGE_POLICY } from '../kit/surroundings/core-answers.ts';
import { Surroundings } from '../kit/surroundings/surroundings.ts';

const SETTLING = { SETTLE_MS: '100', SETTLE_MAX_MS: '1000' };
const STEADY = { plan: 'single', first: 0, connections: 16 } as const;
const SAMPLE_MS = 100;
const MEGABYTE = 1024 * 1024;

interface Parts {
  readonly surroundings: Surroundings;
  readonly load: LoadGenerator;
  readonly seconds: number;
  readonly quick: boolean;
}

interface Scene {
  /** Before the app starts. */
  readonly prepare?: (dataDir: string, parts: Parts) => Promise<void>;
  /** While memory is watched. */
  readonly play: (app: BenchApp, parts: Parts) => Promise<void>;
}

const WAITING = 100_000;
const MANY_TENANTS = 1_000;

const SCENES: Readonly<Record<string, Scene>> = {
  idle: { play: (_app, { seconds }) => sleep(seconds * 1_000) },
  'sustained load': {
    play: async (app, parts) => {
      await app.makeKnown(50);
      await press(app, parts.load, { ...STEADY, tenants: 50, durationMs: parts.seconds * 1_000 });
    },
  },
  '100,000 waiting events': {
    prepare: (dataDir, { surroundings, quick }) =>
      fillBacklog(sqliteStore(dataDir), surroundings, { events: quick ? WAITING / 10 : WAITING, tenants: 50 }),
    play: async (app, { seconds }) => {
      await app.makeKnown(50);
      await sleep(seconds * 1_000);
    },
  },
  '1,000 tenants': {
    play: async (app, parts) => {
      await app.makeKnown(MANY_TENANTS);
      await press(app, parts.load, { ...STEADY, tenants: MANY_TENANTS, durationMs: parts.seconds * 1_000 });
    },
  },
  'policies of 500 kB': {
    play: async (app, parts) => {
      await app.makeKnown(10);
      const count = parts.seconds * 4;
      await press(app, parts.load, { ...STEADY, tenants: 10, first: FIRST_LARGE_POLICY, count });
      await app.lines('sync.delivered', count);
    },
  },
};

/** What the app holds in memory, in a control group of the plan's size where there can be one. */
export const memory: BenchCase = {
  name: 'memory',
  title: 'Memory, inside 128 MB',
  rounds: 3,
  run: async (context) => {
    const surroundings = await Surroundings.start();
    context.afterwards(() => surroundings.end());
    const load = startLoad();
    context.afterwards(() => load.end());
    const parts = { surroundings, load, seconds: context.quick ? 5 : 30, quick: context.quick };
    const measurements = new Measurements();
    let isLimited = true;
    for (let round = 1; round <= context.rounds; round++) {
      for (const [name, scene] of Object.entries(SCENES)) {
        const use = await watch(context, scene, parts);
        isLimited &&= use.group !== undefined;
        measurements.add(name, { ...use.metrics, ...use.group });
        context.say(
          `round ${round} of ${context.rounds}: ${name} ${Math.round(use.metrics['private MB, highest'])} MB private`,
        );
      }
    }
    return {
      conditions: { 'seconds a scene': parts.seconds, 'group MB': isLimited ? PLAN.memoryBytes / MEGABYTE : 'none' },
      variants: measurements.variants(),
      skipped: isLimited ? [] : ['Control groups cannot be written here: the app ran without the limit of the plan.'],
    };
  },
};

async function watch(context: BenchContext, scene: Scene, parts: Parts) {
  const dataDir = context.folder();
  await scene.prepare?.(dataDir, parts);
  const group = createControlGroup({ memoryBytes: PLAN.memoryBytes });
  context.afterwards(() => group?.remove());
  const options = { surroundings: parts.surroundings, dataDir, environment: SETTLING };
  const app = await BenchApp.start({ ...options, ...(group && { group }) });
  try {
    const samples: {
      readonly residentMb: number;
      readonly privateMb: number;
      readonly heldMb: number;
      readonly workingMb: number;
    }[] = [];
    const sample = (): void => {
      const { residentKb, privateKb } = app.memory();
      const heldMb = (group?.heldBytes() ?? 0) / MEGABYTE;
      const workingMb = (group?.workingSetBytes() ?? 0) / MEGABYTE;
      samples.push({ residentMb: residentKb / 1024, privateMb: privateKb / 1024, heldMb, workingMb });
    };
    const timer = setInterval(sample, SAMPLE_MS);
    try {
      await scene.play(app, parts);
    } finally {
      clearInterval(timer);
    }
    sample();
    const highest = (of: (sample: (typeof samples)[number]) => number) => Math.max(...samples.map(of));
    const last = samples.at(-1);
    return {
      metrics: {
        'private MB, highest': highest(({ privateMb }) => privateMb),
        'private MB, at the end': last?.privateMb ?? 0,
        'resident MB, highest': highest(({ residentMb }) => residentMb),
      },
      group:
        group &&
        groupMetrics(
          group,
          highest(({ heldMb }) => heldMb),
          highest(({ workingMb }) => workingMb),
        ),
    };
  } finally {
    await app.end();
  }
}

function groupMetrics(group: ControlGroup, heldMb: number, workingMb: number) {
  return {
    'group MB, highest': heldMb,
    'with cached files in use': workingMb,
    'out-of-memory kills': group.kills(),
  };
}
