/*
 * Loaded into the app with `--import` before anything else; plain JavaScript, because it runs inside the built app.
 *
 * The story took place in 2024 and 2025. With the real clock its policy would have expired before the demo begins, every
 * invoice would be past due, and every lag would be years. So the app's `Date` is moved to the moment of each event: the
 * parent sends `{ storyTimeMs }`, real time keeps running on top, and the app is the very build that runs in production.
 * Only `Date` is moved. Timers and `performance.now()` stay real, so waits and time limits last as long as they say.
 */
const RealDate = Date;
// Whole milliseconds, as the real `Date.now()` gives them: somebody may make a BigInt of it.
const offsetTo = (storyMs) => Math.round(storyMs) - RealDate.now();
// The start of a process takes its time: a process that begins again must not be behind the one before it.
const { STORY_TIME_MS, STORY_TIME_SET_AT_MS = RealDate.now() } = process.env;
let offsetMs = Math.round(Number(STORY_TIME_MS)) - Number(STORY_TIME_SET_AT_MS);

class StoryDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }

  static now() {
    return RealDate.now() + offsetMs;
  }

  /** Dates that Node itself made before are dates too. */
  static [Symbol.hasInstance](value) {
    return value instanceof RealDate;
  }
}

// `Date()` without `new` is a call that a class would refuse.
globalThis.Date = new Proxy(StoryDate, { apply: () => new StoryDate().toString() });

process.on('message', (message) => {
  if (typeof message?.storyTimeMs !== 'number') return;
  offsetMs = offsetTo(message.storyTimeMs);
  process.send?.({ storyTimeSetMs: message.storyTimeMs });
});
// The parent is gone, however it ended: nobody else would end this process.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel must not keep an app alive that has nothing left to do.
process.channel?.unref();
