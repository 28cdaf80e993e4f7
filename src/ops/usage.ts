export const USAGE = `Usage: npm run ops -- <command> [options]        in the image: node dist/ops.js <command> [options]

Looks into the queue and gives orders, beside the running app. The queue is the one of DATA_DIR or DATABASE_URL.

  status                        what waits, what is dead, which tenants are paused
  where <locator|key|event id>  the way of a record: its events, their tries, what the target has, what comes next
  dead-letters                  events that were given up, and what helps
  replay [<event id> …]         lets dead letters be tried again; the newest state is read from Core, never an older one
  purge [<event id> …]          gives dead letters up for good; their ids stay known for a while
  pause <tenant>                nothing is synced for this tenant, its events are kept
  resume <tenant>               it goes on; a tenant that the app paused by itself is tried at once

Which events (dead-letters, replay, purge):
  --tenant <hash>  --type <event type>  --reason <code>  --root <root>
  --since <time>   --until <time>       when they ended: 2026-11-22, 2026-11-22T07:00:00Z; 30min, 2h, 7d: so long ago
  --state <state>  dead (default), skipped or delivered
  --all            replay, purge: every dead letter, where nothing else is named

replay and purge only show what they would do; they do it with:
  --yes            does it
  --rate <n>       events a second, 1 to 1000 (50); Ctrl-C stops between two steps, and the rest stays as it was

  --limit <n>      at most so many lines of events (20)
  --json           for scripts: one JSON object on standard output
  --help           this text

Exit codes: 0 done, 1 the queue cannot be used, 2 the command is not understood, 3 nothing was found.
An event may also be named by its number in the queue: "#17".
`;
