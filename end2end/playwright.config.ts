import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// The distribution's Chromium where there is one; else the browser that `npx playwright install chromium` brought.
const DISTRIBUTION = '/usr/bin/chromium';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  // A test that hangs ends; a busy machine takes three times as long as a quiet one.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  globalSetup: './support/needs.ts',
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 40_000,
    trace: 'retain-on-failure',
    viewport: { width: 1280, height: 900 },
    launchOptions: {
      executablePath: existsSync(DISTRIBUTION) ? DISTRIBUTION : undefined,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
