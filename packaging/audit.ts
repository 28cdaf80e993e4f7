import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { judgeAudit } from './judge-audit.ts';

/*
 * `npm run audit`: known vulnerabilities of what the app ships. High and critical ones fail, lesser ones are told. A
 * registry without the endpoint is told in one line and fails nothing: not every company mirror has it.
 */
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  encoding: 'utf8',
  // npm's own words go to the screen only through the verdict.
  stdio: ['ignore', 'pipe', 'ignore'],
});
const { kind, lines } = judgeAudit(stdout);
const WORDS = {
  passed: 'Audited: nothing high or critical in what the app ships.\n',
  failed: 'The audit failed: update what is high or critical.\n',
  not_audited: '',
} as const;
process.stdout.write(`${lines.map((line) => `${line}\n`).join('')}${WORDS[kind]}`);
process.exitCode = kind === 'failed' ? 1 : 0;
