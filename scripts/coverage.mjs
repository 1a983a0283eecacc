// The coverage of several runs of the tests together: `node scripts/coverage.mjs <directory>…`, each written by `jest --coverage`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import coverage from 'istanbul-lib-coverage';

const THRESHOLDS = { statements: 95, branches: 90, functions: 95, lines: 95 };

const map = coverage.createCoverageMap();
for (const directory of process.argv.slice(2)) map.merge(JSON.parse(readFileSync(join(directory, 'coverage-final.json'), 'utf8')));
const summary = map.getCoverageSummary();
let missed = 0;
for (const [kind, threshold] of Object.entries(THRESHOLDS)) {
  const { pct, covered, total } = summary[kind];
  console.log(`${kind}: ${pct} % (${covered} of ${total}), at least ${threshold} %`);
  if (!(pct >= threshold)) missed++;
}
process.exitCode = missed > 0 ? 1 : 0;
