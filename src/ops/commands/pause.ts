import type { Answer, Command, CommandContext } from '../answer.js';
import { plain } from '../screen.js';

/** Stops the work for one tenant until it is resumed, whatever its settings do meanwhile. */
export const pause: Command = async (context) => {
  const tenant = await knownTenant(context);
  if (tenant === undefined) return unknownTenant(context);
  const changed = await context.queue.pause(tenant, context.nowMs);
  return {
    lines: [
      changed
        ? `${tenant} is paused: within a second nothing new is taken in hand for it; its events are kept.`
        : `${tenant} was paused already.`,
    ],
    json: { tenant, changed },
    found: true,
  };
};

export const resume: Command = async (context) => {
  const tenant = await knownTenant(context);
  if (tenant === undefined) return unknownTenant(context);
  const changed = await context.queue.resume(tenant);
  return {
    lines: [changed ? `${tenant} goes on within a second.` : `${tenant} was not paused.`],
    json: { tenant, changed },
    found: true,
  };
};

async function knownTenant({ queue, options }: CommandContext): Promise<string | undefined> {
  const [name] = options.names;
  return (await queue.tenants()).find((tenant) => tenant === name);
}

function unknownTenant({ options }: CommandContext): Answer {
  const [name = ''] = options.names;
  const line = `The queue holds nothing of a tenant ${plain(name)}: "status" shows those that there are.`;
  return { lines: [line], json: { changed: false }, found: false };
}
