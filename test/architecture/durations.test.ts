import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SRC = join(__dirname, '..', '..', 'src');
/** A number with a unit in a template literal, a number of 100 or more seconds or minutes in a text, and ISO 8601. */
const BY_HAND = [
  /\$\{(?!durationText\()[^{}]*\}\s?(s|ms|h|(milli)?seconds?|minutes?|hours?|days?)\b(?! per)/,
  /['"`][^'"`]*\b\d[\d,]{2,} (s|ms|seconds|minutes)\b/,
  /requireRange\([^;]*(Seconds|toMilliseconds|toMinutes|toDays)\(/,
  /\$\{[^{}]*toIsoString/,
];
/** Ages of dates in days, and the unit of an axis. */
const NO_DURATION = [/days away, and an upgrade/, /days old`/, /in milliseconds`/];

test('durations in messages are written by durationText, as people write them', () => {
  const all = readdirSync(SRC, { recursive: true }).map(String).filter(file => file.endsWith('.ts'));
  const files = all.filter(file => !file.endsWith('duration-text.ts') && !/^(defaults|report)/.test(file)); // tables with short units
  const lines = files.flatMap(file => readFileSync(join(SRC, file), 'utf8').split('\n')
    .filter(line => !/^\s*(\/\/|\*|\/\*)/.test(line) && BY_HAND.some(pattern => pattern.test(line)) && !NO_DURATION.some(pattern => pattern.test(line)))
    .map(line => `${file}: ${line.trim()}`));
  expect(lines).toEqual([]);
});

test.each([
  '`must be at most ${most} s`', '`within ${minutes * 60} seconds`', "'the longest timeout, 900 s'", "requireRange(path, 'timeout', knownSeconds(timeout), 1, 900)",
  '`got ${age.toIsoString()}`',
])('%s is found', line => {
  expect(BY_HAND.some(pattern => pattern.test(line))).toBe(true);
});

test('a duration by durationText is not found', () => {
  expect(BY_HAND.some(pattern => pattern.test('`must be at most ${durationText(most)} of ${fn.path}`'))).toBe(false);
});
