// node render.mjs: makes the icons beside this file from public/favicon.svg, in the sizes that the desktops of QTS and
// DSM ask for: the bell on a white tile, so that it shows on any wallpaper. Run it after the drawing changed, and
// commit what it makes. It uses the browser of the end-to-end tests (package/setup.sh test).
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../end2end/', import.meta.url))('@playwright/test');
const bell = readFileSync(new URL('../../public/favicon.svg', import.meta.url), 'utf8');
const system = '/usr/bin/chromium';

const browser = await chromium.launch({ executablePath: existsSync(system) ? system : undefined });
const page = await browser.newPage();
const render = async (name, pixels, filter) => {
  await page.setViewportSize({ width: pixels, height: pixels });
  await page.setContent(`<style>
    body { margin: 0; width: ${pixels}px; height: ${pixels}px; display: grid; place-items: center; filter: ${filter};
      background: #fff; border-radius: 22%; }
    html { background: transparent; }
    svg { width: 76%; height: 76%; }
  </style>${bell}`);
  const path = new URL(`${name}.png`, import.meta.url).pathname;
  await page.screenshot({ path, omitBackground: true, clip: { x: 0, y: 0, width: pixels, height: pixels } });
};
for (const pixels of [16, 24, 32, 48, 64, 72, 80, 256]) await render(`tocsin-${pixels}`, pixels, 'none');
await render('tocsin-64-grey', 64, 'grayscale(1) opacity(0.6)');
await browser.close();
