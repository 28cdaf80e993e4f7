import { DatabaseSync } from 'node:sqlite';
import { Inbox } from './inbox.js';
import { prepareDatabase } from './schema.js';
import { prepareStatements } from './statements.js';
import { UndoLog } from './undo-log.js';

it('files nothing when that would pass over what came before it, and so lose it', () => {
  const database = new DatabaseSync(':memory:');
  prepareDatabase(database);
  const inbox = new Inbox(database, prepareStatements(database), { settleMs: 0, settleMaxMs: 0 }, new UndoLog());
  const event = { type: 'policy.issue', root: 'policy:1', occurredAtMs: 1, receivedAtMs: 1, payload: '{}' };
  for (const id of ['e1', 'e2', 'e3']) inbox.put({ ...event, tenant: 't', id });
  const [first, second, third] = inbox.next();
  if (first === undefined || second === undefined || third === undefined) throw new Error('Three have come.');
  expect(() => inbox.file([second])).toThrow('Only what came first');
  expect(() => inbox.file([first, third])).toThrow('Only what came first');
  expect(database.prepare('SELECT count(*) AS n FROM arrivals').get()).toEqual({ n: 3 });
  inbox.file([first, second]);
  expect(inbox.next()).toEqual([third]);
  database.close();
});
