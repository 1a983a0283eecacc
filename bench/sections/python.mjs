import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { HERE, interleaved, median, run, seconds, table, times, WORK } from '../measure.mjs';

const NAMES = { unbundled: 'nothing to install', ours: 'PythonCode', pip: 'pip install, the way without PythonCode' };
/** A file system in memory: how fast a disk creates thousands of files differs by a factor of three between two runs. */
const [MEMORY, MEMORY_BYTES] = ['/dev/shm', 1e9];
/** The bars: a cold synthesis, and what a synthesis adds if nothing has changed. */
const [COLD_MS, UNCHANGED_MS] = [2_000, 100];

/** Packaging of one handler with Powertools, boto3 and pydantic; skipped without python3 and PyPI. */
export async function python({ quick }) {
  const tools = installUv();
  if (tools === undefined) return { title: 'Python', text: 'Not measured: uv could not be installed.', bars: [] };
  const folder = handler(tools);
  const memory = inMemory();
  const names = { ...NAMES, ...memory && { disk: 'PythonCode, with all folders on the disk of this machine' } };
  const samples = Object.fromEntries(Object.keys(names).map(kind => [kind, { cold: [], unchanged: [] }]));
  const contenders = Object.fromEntries(Object.keys(names).map(kind => [kind, () => (
    measure(kind === 'disk' ? 'ours' : kind, folder, tools, samples[kind], kind === 'disk' ? undefined : memory))]));
  await interleaved(contenders, quick ? 1 : 5);
  if (memory) fs.rmSync(memory, { recursive: true });
  const [cold, unchanged] = ['cold', 'unchanged'].map(what => Object.fromEntries(Object.keys(names).map(kind => [kind, median(samples[kind][what])])));
  const more = unchanged.ours - unchanged.unbundled;
  return {
    title: 'Python',
    text: 'One function with Powertools, boto3 and pydantic, all versions pinned with hashes, for arm64 and Python 3.14. A whole process. Cold: no cache of '
      + 'PythonCode, uv or pip, and an empty cdk.out. Unchanged: the same again. Docker is not needed: the commands of PythonFunction run with the pip of this machine. '
      + `${memory ? 'cdk.out and the caches are in memory' : 'All folders are on the disk of this machine'}.\n\n`
      + table(['by', 'cold', 'unchanged', 'cold, against PythonCode', 'unchanged, against it'], Object.entries(names).map(([kind, name]) => [
        name, seconds(cold[kind]), seconds(unchanged[kind]), times(cold[kind] / cold.ours), times(unchanged[kind] / unchanged.ours)])),
    bars: [
      { what: 'Python packages, Powertools, boto3 and pydantic, cold', bar: `≤ ${seconds(COLD_MS)}`, got: seconds(cold.ours), met: cold.ours <= COLD_MS },
      {
        what: 'the same, nothing changed, beside a synth that bundles nothing',
        bar: `≤ + ${seconds(UNCHANGED_MS)}`,
        got: `${more < 0 ? '-' : '+'} ${seconds(Math.abs(more))}`,
        met: more <= UNCHANGED_MS,
      },
    ],
  };
}

async function measure(kind, folder, tools, sample, root = path.join(WORK, 'python')) {
  const [outdir, cache, downloads] = ['out', 'cache', 'downloads'].map(name => path.join(root, name));
  for (const one of [outdir, cache, downloads]) {
    fs.rmSync(one, { recursive: true, force: true });
    fs.mkdirSync(one, { recursive: true });
  }
  const env = { UV_CACHE_DIR: downloads, PIP_CACHE_DIR: downloads };
  const args = [{ kind, folder, outdir, cache, tools }];
  sample.cold.push((await run('apps/python.cjs', args, { env })).ms);
  sample.unchanged.push((await run('apps/python.cjs', args, { env })).ms);
}

/** A folder in memory; undefined if the machine has none, or one that is too small. */
function inMemory() {
  if (!fs.existsSync(MEMORY)) return undefined;
  const { bavail, bsize } = fs.statfsSync(MEMORY);
  return bavail * bsize < MEMORY_BYTES ? undefined : fs.mkdtempSync(path.join(MEMORY, 'bench-'));
}

/** The folder with uv; undefined without python3 and PyPI. */
function installUv() {
  const venv = path.join(WORK, 'python', 'venv');
  try {
    if (!fs.existsSync(path.join(venv, 'bin', 'uv'))) {
      execFileSync('python3', ['-m', 'venv', venv], { stdio: 'pipe' });
      execFileSync(path.join(venv, 'bin', 'pip'), ['install', '--quiet', 'uv'], { stdio: 'pipe' });
    }
    return path.join(venv, 'bin');
  } catch {
    return undefined;
  }
}

function handler(tools) {
  const folder = path.join(WORK, 'python', 'app');
  for (const name of ['pay', 'plain']) {
    fs.mkdirSync(path.join(folder, name), { recursive: true });
    fs.writeFileSync(path.join(folder, name, 'app.py'), 'def handler(event, context):\n    return event\n');
  }
  const requirements = path.join(folder, 'pay', 'requirements.txt');
  if (!fs.existsSync(requirements)) {
    fs.writeFileSync(path.join(folder, 'all.in'), 'aws-lambda-powertools\nboto3\npydantic\n');
    execFileSync(path.join(tools, 'uv'), ['pip', 'compile', '--quiet', '--universal', '--python-version', '3.14', '--generate-hashes', '--no-header', '--no-annotate',
      path.join(folder, 'all.in'), '-o', requirements], { cwd: HERE, stdio: 'pipe' });
  }
  return folder;
}
