import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Job {
  readonly permissions?: Record<string, string>;
  readonly env?: object;
  readonly steps?: { readonly run?: string; readonly env?: object }[];
}

const ROOT = join(__dirname, '..', '..');
const FILES = ['.github/workflows', 'sample/.github/workflows'].flatMap(folder => readdirSync(join(ROOT, folder)).map(name => `${folder}/${name}`));
const IGNORED = { NPM_CONFIG_IGNORE_SCRIPTS: 'true' };
/** Commands that install packages: `npx` of a package that is not in the project too. */
const INSTALLS = /\bnpm (ci|install|i)\b|\bnpx '?(-p|--package|--yes|-y)\b/;

const installs = FILES.flatMap(file => {
  const { env, jobs } = parse(readFileSync(join(ROOT, file), 'utf8')) as { env?: object; jobs: Record<string, Job> };
  return Object.entries(jobs)
    .filter(([, { permissions = {} }]) => permissions['id-token'] === 'write' || permissions.contents === 'write')
    .flatMap(([job, { env: ofJob, steps = [] }]) => steps.filter(({ run = '' }) => INSTALLS.test(run))
      .map(({ run, env: ofStep }) => [`${file} ${job}`, run!, { ...env, ...ofJob, ...ofStep }] as const));
});

/** The jobs of all workflows, and the permissions that they have by default. */
const jobsOf = FILES.flatMap(file => {
  const { permissions, jobs } = parse(readFileSync(join(ROOT, file), 'utf8')) as { permissions?: object; jobs: Record<string, Job> };
  return Object.entries(jobs).map(([name, job]) => [`${file} ${name}`, job.permissions ?? permissions] as const);
});

test.each(jobsOf)('%s names its permissions, so that it does not have the ones of the repository', (_, permissions) => {
  expect(permissions).toEqual(expect.any(Object));
});

test('the action runs no scripts of packages', () => {
  const { runs: { steps } } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as { runs: { steps: NonNullable<Job['steps']> } };
  const installing = steps.filter(({ run = '' }) => INSTALLS.test(run));
  expect(installing).toHaveLength(1);
  expect(installing[0].env).toMatchObject(IGNORED);
});

test('jobs that may publish, deploy or push install packages', () => {
  expect(installs.length).toBeGreaterThan(10);
});

test.each(installs)('%s runs no scripts of packages: %s', (_, run, env) => {
  if (!run.includes('--ignore-scripts')) expect(env).toMatchObject(IGNORED);
});
