/*
 * A sabotage, with which the suite proves that it can fail: loaded into the app with `--import`, it undoes every fourth
 * commit of the embedded queue and says that all went well, as an app does that answers before its data are durable.
 */
import { DatabaseSync } from 'node:sqlite';

const EVERY = 4;
const { exec } = DatabaseSync.prototype;
let commits = 0;

DatabaseSync.prototype.exec = function (sql) {
  const isUndone = sql === 'COMMIT' && ++commits % EVERY === 0;
  return exec.call(this, isUndone ? 'ROLLBACK' : sql);
};
