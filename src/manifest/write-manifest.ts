import { readFileSync, writeFileSync } from 'node:fs';
import { buildManifest } from './manifest.js';

/** Writes `socotra-app.json` anew: `npm run manifest`. A test fails while the file differs from the code. */
const root = new URL('../../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
writeFileSync(new URL('socotra-app.json', root), `${JSON.stringify(buildManifest(version), null, 2)}\n`);
