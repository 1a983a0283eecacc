import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const ROOMS = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name);
/** Tests of a whole room: cdk-nag's findings on its constructs, and the apps and rules that the checks are tried on. */
const WHOLE_ROOM = [/^[\w-]+\/findings\.test\.ts$/, /^checks\/(corpus|rules)\//];

/** `test/<room>/<file>.test.ts` tests `src/<room>/<file>.ts`; `<file>.<topic>.test.ts` tests one topic of it. */
function isMirrored(test: string): boolean {
  const source = test.replace(/(\.[\w-]+)?\.test\.ts$/, '.ts');
  return existsSync(join(ROOT, 'src', source)) || existsSync(join(ROOT, 'src', source.replace(/\.ts$/, '')));
}

test.each(ROOMS)('the tests of %s are named for what they test', room => {
  const folder = join(ROOT, 'test', room);
  const tests = existsSync(folder) ? readdirSync(folder, { recursive: true }).map(file => `${room}/${String(file).replaceAll('\\', '/')}`) : [];
  const named = tests.filter(file => file.endsWith('.test.ts') && !WHOLE_ROOM.some(pattern => pattern.test(file)));
  expect(named.filter(file => !isMirrored(file))).toEqual([]);
});
