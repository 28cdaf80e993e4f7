/*
 * Loaded into the app with `--import`; plain JavaScript, because it runs inside the built app.
 *
 * Counts the commits of the store, whichever it is, in a file that outlives the process, and kills the process at chosen
 * ones: immediately before a commit, or immediately after it, when nobody in the process knows of it yet.
 *
 * FAULTS_COMMITS: the file. It holds the number of the latest commit; beside it, `<file>.kills` has a line for each kill.
 * FAULTS_KILL: `<first>,<every>,before|after`: which commits the process does not survive; unset: it survives all.
 */
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';

const { FAULTS_COMMITS: file = '', FAULTS_KILL: kill = '', DATABASE_URL: databaseUrl } = process.env;
const [first, every, moment] = kill.split(',');
let number = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
const counter = openSync(file, 'w');
process.on('exit', () => closeSync(counter));

function next() {
  number += 1;
  try {
    writeSync(counter, String(number), 0);
  } catch {
    // The disk is full, or writing fails for another reason: that is somebody else's fault, in both senses.
  }
  return number;
}

function dieAt(commit, now) {
  if (now !== moment || commit < Number(first) || (commit - Number(first)) % Number(every) !== 0) return;
  appendFileSync(`${file}.kills`, `${commit} ${now}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** A commit that is over when the call returns. */
function commit(work) {
  const own = next();
  dieAt(own, 'before');
  const result = work();
  dieAt(own, 'after');
  return result;
}

const CHANGES = /^\s*(INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WITH)\b/i;

function watchSqlite() {
  const { exec, prepare } = DatabaseSync.prototype;
  const { run } = StatementSync.prototype;
  const homes = new WeakMap();
  DatabaseSync.prototype.exec = function (sql) {
    const commits = /\bCOMMIT\b/.test(sql) || (!this.isTransaction && CHANGES.test(sql));
    return commits ? commit(() => exec.call(this, sql)) : exec.call(this, sql);
  };
  DatabaseSync.prototype.prepare = function (sql, ...rest) {
    const statement = prepare.call(this, sql, ...rest);
    homes.set(statement, this);
    return statement;
  };
  StatementSync.prototype.run = function (...values) {
    const commits = homes.get(this)?.isTransaction === false;
    return commits ? commit(() => run.apply(this, values)) : run.apply(this, values);
  };
}

/** A statement of its own is a commit of its own, on the other side; the answer to it is held back. */
function watchPostgres({ Client }) {
  const { query } = Client.prototype;
  const inTransaction = new WeakSet();
  const changes = /\b(INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER)\b/;
  Client.prototype.query = function (...args) {
    const text = typeof args[0] === 'string' ? args[0] : (args[0]?.text ?? '');
    if (text === 'BEGIN') inTransaction.add(this);
    const commits = text === 'COMMIT' || (!inTransaction.has(this) && changes.test(text));
    if (text === 'COMMIT' || text === 'ROLLBACK') inTransaction.delete(this);
    if (!commits) return query.apply(this, args);
    const own = next();
    dieAt(own, 'before');
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      args[args.length - 1] = (...answer) => {
        dieAt(own, 'after');
        callback(...answer);
      };
      return query.apply(this, args);
    }
    return query.apply(this, args).finally(() => dieAt(own, 'after'));
  };
}

if (databaseUrl) watchPostgres((await import('pg')).default);
else watchSqlite();
