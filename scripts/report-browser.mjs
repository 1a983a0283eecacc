// Opens pages of the report in chromium and fails if one may run a script, requests something, or has a violation that axe-core
// finds. Usage: node scripts/report-browser.mjs <axe.min.js> <folder of screenshots> <page>...
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [axe, screenshots, ...pages] = process.argv.slice(2);
const WIDTHS = [400, 1000, 1600];
const PNG_MIN_BYTES = 20_000;
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'report-browser-'));
fs.mkdirSync(screenshots, { recursive: true });
const problems = [];
const WITHOUT_SCRIPTS = profileWithoutScripts();

for (const page of pages) {
  const name = path.basename(page, '.html');
  for (const width of WIDTHS) picture(page, `${name}-${width}`, width, []);
  if (!fs.readFileSync(page, 'utf8').includes("default-src 'none'; style-src 'unsafe-inline'")) problems.push(`${name}: the policy must allow no script`);
  picture(page, `${name}-dark`, 1600, ['--blink-settings=preferredColorScheme=0']);
  picture(page, `${name}-no-script`, 1000, WITHOUT_SCRIPTS);
  if (!isEqual(`${name}-no-script`, `${name}-1000`)) problems.push(`${name}: the page must be the same without scripts`);
  requestsNothing(page);
  for (const isDark of [false, true]) inspect(page, isDark);
}
fs.rmSync(work, { recursive: true, force: true });
for (const problem of problems) console.error(problem);
console.log(`${pages.length} pages in chromium, ${fs.readdirSync(screenshots).length} screenshots in ${WIDTHS.join(', ')} pixels, dark and without scripts: ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

function chromium(args) {
  const own = ['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--disable-background-networking', '--no-first-run', `--user-data-dir=${work}/profile`];
  return spawnSync('chromium', [...own, ...args], { encoding: 'utf8', timeout: 120_000, maxBuffer: 64 * 2 ** 20 });
}

/** A screenshot. */
function picture(page, name, width, flags) {
  const file = path.join(screenshots, `${name}.png`);
  chromium([...flags, `--window-size=${width},4000`, `--screenshot=${file}`, pathToFileURL(page).href]);
  const bytes = fs.existsSync(file) ? fs.statSync(file).size : 0;
  if (bytes < PNG_MIN_BYTES) problems.push(`${name}: the screenshot must have at least ${PNG_MIN_BYTES} bytes, got ${bytes}`);
}

/** The flags of a browser that runs no script; a page that a script would change shows that it does not. */
function profileWithoutScripts() {
  const profile = path.join(work, 'no-script');
  fs.mkdirSync(path.join(profile, 'Default'), { recursive: true });
  fs.writeFileSync(path.join(profile, 'Default', 'Preferences'), JSON.stringify({ profile: { default_content_setting_values: { javascript: 2 } } }));
  const flags = [`--user-data-dir=${profile}`];
  const probe = path.join(work, 'probe.html');
  fs.writeFileSync(probe, '<body><script>document.title = "ran"</script>');
  const { stdout } = chromium([...flags, '--dump-dom', pathToFileURL(probe).href]);
  if (!stdout.includes('<script>') || stdout.includes('<title>ran')) problems.push('the browser without scripts must run none');
  return flags;
}

function isEqual(...names) {
  const [one, other] = names.map(name => fs.readFileSync(path.join(screenshots, `${name}.png`)));
  return one.equals(other);
}

function requestsNothing(page) {
  const log = path.join(work, 'net.json');
  chromium([`--log-net-log=${log}`, '--dump-dom', pathToFileURL(page).href]);
  const addresses = [...fs.readFileSync(log, 'utf8').matchAll(/"url":"(https?:[^"]+)"/g)].map(([, address]) => address);
  // requests of the browser itself at its start are not requests of the page
  const ofPage = addresses.filter(address => !/^https?:\/\/[\w.-]*(google|gvt1|googleapis|chromium)\.\w+/.test(address));
  if (ofPage.length > 0) problems.push(`${page} requests ${ofPage.join(', ')}`);
}

/** Runs axe-core in a copy of the page that allows scripts, with everything open, in a narrow window. */
function inspect(page, isDark) {
  const copy = path.join(work, 'page.html');
  const script = `<script>${fs.readFileSync(axe, 'utf8')}</script><script>
for (const details of document.querySelectorAll('details')) details.open = true;
axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => {
  const found = violations.map(({ id, help, nodes }) => id + ': ' + help + ' (' + nodes.length + ') ' + nodes[0].html.slice(0, 160));
  document.body.innerHTML = '<pre id="result">' + JSON.stringify({ found }).replaceAll('<', '\\\\u003c') + '</pre>';
});</script>`;
  fs.writeFileSync(copy, fs.readFileSync(page, 'utf8').replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '').replace('</body>', () => `${script}</body>`));
  const flags = isDark ? ['--blink-settings=preferredColorScheme=0'] : [];
  const { stdout } = chromium([...flags, '--window-size=400,800', '--virtual-time-budget=60000', '--dump-dom', pathToFileURL(copy).href]);
  const result = /<pre id="result">(.*?)<\/pre>/s.exec(stdout)?.[1];
  if (result === undefined) problems.push(`${path.basename(page)}: axe-core gave no result`);
  else for (const problem of JSON.parse(result.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')).found) problems.push(`${path.basename(page)}${isDark ? ' (dark)' : ''}: ${problem}`);
}
