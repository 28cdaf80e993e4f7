import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { TimedFaultKind } from './fault-kinds.ts';
import type { Gate, GateState } from './gate.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

const run = promisify(execFile);

/** Makes the fault end; what a process cannot survive has no end. */
type Heal = () => Promise<void>;
type Injection = (world: World, fault: Fault) => Promise<Heal>;

const HOUR_MS = 3_600_000;
const SHIFTS_MS: Readonly<Record<string, number>> = {
  '3 h ahead': 3 * HOUR_MS,
  '3 h back': -3 * HOUR_MS,
  '11 h ahead': 11 * HOUR_MS,
  '11 h back': -11 * HOUR_MS,
};
/** Longer than the app's patience with a target (src/http/outbound-times.ts). */
const GIVEN_UP_AFTER_MS = 16_000;
/** A target that names the time until it is asked again. */
const REST_S = 1;
const OVER_A_RESTART = /over a restart$/;

/** How each kind of fault is done. A kind without a row does not compile. */
const INJECTIONS: { readonly [K in TimedFaultKind]: Injection } = {
  'kill-any-time': async ({ platform }, { replica }) => {
    await platform.end(replica, 'SIGKILL');
    return healed;
  },
  'rolling-restart': async ({ platform, plan }) => {
    for (let replica = 0; replica < plan.replicas; replica++) {
      await platform.end(replica, 'SIGTERM');
      await platform.whole();
    }
    return healed;
  },
  'disk-full': async (world, fault) => {
    await world.store.fill();
    await restartIfAsked(world, fault);
    return () => world.store.makeRoom();
  },
  'writes-fail': async ({ apps }, { replica }) => {
    const pid = apps[replica]?.pid;
    if (pid === undefined) return healed;
    await limitFiles(pid, '1:');
    // If it has died since, so has its limit.
    return () => limitFiles(pid, 'unlimited:').catch(() => undefined);
  },
  'database-disconnect': async ({ store }) => {
    await store.disconnect();
    return healed;
  },
  'database-stop': async (world, fault) => {
    await world.store.stop();
    await restartIfAsked(world, fault);
    return () => world.store.restart();
  },
  'clock-jump': async ({ platform }, { variant }) => {
    await platform.shiftClocks(SHIFTS_MS[variant] ?? 0);
    return () => platform.shiftClocks(0);
  },
  'target-cut-after-commit': async ({ target }, { variant }) => {
    target.standIn.faults.cutAfterCommit(countIn(variant));
    return healed;
  },
  'target-answers-lost': async ({ gates }, { variant }) => {
    await gates.target.become('answers lost');
    return async () => {
      if (variant === 'until the app gives up') await sleep(GIVEN_UP_AFTER_MS);
      await gates.target.become('open');
    };
  },
  'target-failing': async ({ target }, { variant }) => {
    target.standIn.faults.serverError(countIn(variant));
    return healed;
  },
  'target-throttling': async ({ target }, { variant }) => {
    // HubSpot names a time only when it moves an account to another place.
    target.standIn.faults.throttle(target.standIn.id === 'hubspot' ? undefined : REST_S, countIn(variant));
    return healed;
  },
  'core-outage': (world, fault) => outage(world, world.gates.core, fault),
  'state-outage': (world, fault) => outage(world, world.gates.state, fault),
  'lease-expiry': async ({ platform }, { replica }) => {
    await platform.freeze(replica);
    return () => platform.thaw(replica);
  },
};

/** Lets it happen at its moment of the chapter, and ends it. */
export async function letHappen(world: World, fault: Fault): Promise<void> {
  await sleep(fault.afterMs);
  const heal = await INJECTIONS[fault.kind](world, fault);
  await sleep(fault.lastsMs);
  await heal();
}

async function healed(): Promise<void> {}

async function outage(world: World, gate: Gate, fault: Fault): Promise<Heal> {
  await gate.become(gateStateOf(fault.variant));
  await restartIfAsked(world, fault);
  return () => gate.become('open');
}

function gateStateOf(variant: string): GateState {
  const name = variant.split(',')[0];
  const state = (['refused', 'silent', 'unwell'] as const).find((known) => known === name);
  if (state === undefined) throw new Error(`"${variant}" is no way to be away`);
  return state;
}

async function restartIfAsked({ platform }: World, { variant, replica }: Fault): Promise<void> {
  if (OVER_A_RESTART.test(variant)) await platform.end(replica, 'SIGKILL');
}

/** The number that a variant begins with. */
function countIn(variant: string): number {
  return Number.parseInt(variant, 10);
}

async function limitFiles(pid: number, limit: string): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--fsize=${limit}`]);
}
