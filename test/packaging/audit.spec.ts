import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { judgeAudit } from '../../packaging/judge-audit.ts';
import { closeServer, listen } from '../support/running-app.js';

const AUDIT = fileURLToPath(new URL('../../packaging/audit.ts', import.meta.url));

const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: {} });
const via = [{ title: 'Bad thing', url: 'https://example.test/1', severity: 'high' }];

describe('what npm audit says', () => {
  it.each([
    ['nothing known', report({}), 'passed', []],
    ['something low', report({ a: { severity: 'low', via: ['b'] } }), 'passed', ['low: a']],
    [
      'something moderate',
      report({ a: { severity: 'moderate', via } }),
      'passed',
      ['moderate: a, Bad thing (https://example.test/1)'],
    ],
    [
      'something high',
      report({ a: { severity: 'high', via } }),
      'failed',
      ['high: a, Bad thing (https://example.test/1)'],
    ],
    [
      'something critical',
      report({ b: { severity: 'low' }, a: { severity: 'critical' } }),
      'failed',
      ['critical: a', 'low: b'],
    ],
    ['a severity that is not told', report({ a: {} }), 'failed', ['critical: a']],
    [
      'no such endpoint',
      '{"message":"405 Method Not Allowed","statusCode":405,"error":{}}',
      'not_audited',
      ["Not audited: the registry's audit endpoint answers 405."],
    ],
    [
      'no network',
      '{"message":"request failed","error":{"code":"ENOTFOUND"}}',
      'not_audited',
      ["Not audited: the registry's audit endpoint does not answer."],
    ],
    ['something else', '{"a":1}', 'failed', ['npm audit gave no report.']],
    ['nothing', '', 'failed', ['npm audit gave no JSON.']],
  ])('%s', (_what, text, kind, lines) => {
    expect(judgeAudit(text)).toEqual({ kind, lines });
  });
});

/** A registry that knows this about axios, which the app ships; undefined: it has no audit endpoint. */
async function auditAgainst(
  severity: string | undefined,
): Promise<{ code: number | null; out: string; asked: string }> {
  let asked = '';
  const { server, url } = await listen((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const isBulk = request.url?.endsWith('/security/advisories/bulk') === true;
      if (isBulk) asked = gunzipSync(Buffer.concat(parts)).toString('utf8');
      if (severity === undefined) return void response.writeHead(405).end('{}');
      const advisory = {
        id: 1,
        url: 'https://example.test/1',
        title: 'Bad thing',
        severity,
        vulnerable_versions: '<999.0.0',
      };
      response.writeHead(isBulk ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isBulk ? { axios: [advisory] } : {}));
    });
  });
  // npm remembers what it was told of a package.
  const cache = mkdtempSync(join(tmpdir(), 'npm-'));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    npm_config_registry: url,
    npm_config_cache: cache,
  };
  const child = spawn(process.execPath, [AUDIT], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const [code] = (await once(child, 'exit')) as [number | null];
  await closeServer(server);
  rmSync(cache, { recursive: true });
  return { code, out, asked };
}

describe('npm run audit', () => {
  it('asks for what the app ships and for nothing else', async () => {
    const { asked, code, out } = await auditAgainst('moderate');
    expect(Object.keys(JSON.parse(asked) as object)).toEqual(expect.arrayContaining(['axios', 'undici', 'pg']));
    expect(asked).not.toMatch(/"jest"|"eslint"|"playwright-core"/);
    expect(out).toContain('moderate: axios, Bad thing');
    expect([code, out.includes('nothing high or critical')]).toEqual([0, true]);
  });

  it('fails when something high is known', async () => {
    const { code, out } = await auditAgainst('high');
    expect(out).toContain('high: axios, Bad thing (https://example.test/1)');
    expect([code, out.includes('The audit failed')]).toEqual([1, true]);
  });

  it('says in one line that a registry has no such endpoint, and goes on', async () => {
    expect(await auditAgainst(undefined)).toMatchObject({
      code: 0,
      out: "Not audited: the registry's audit endpoint answers 405.\n",
    });
  });
});
