import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

const executablePath = findChromium();

/** Left out where there is no browser; the run says so in one line (jest-global-setup.js). */
export const describeWithChromium = executablePath === undefined ? describe.skip : describe;

export function startChromium(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('There is no Chromium on this machine.');
  // Containers have no namespaces to spare; nothing but loopback is opened.
  return chromium.launch({ executablePath, headless: true, args: ['--no-sandbox'] });
}
