import { CommandFolder } from '../../../support/command';
import { fn } from '../../rules/harness';

const slow = (name: string, timeout: unknown = 901) => ({ Resources: { [name]: fn({ Timeout: timeout }) } });

test('a page with a table per rule', () => {
  const folder = new CommandFolder({ 'a.json': slow('Fn') });
  const { stdout } = folder.check('a.json', '--format', 'markdown', '--exempt', 'LP-D01=x');
  expect(stdout).toContain('### error: [LP-F02](https://github.com/cdk-production-lambda/cdk-production-lambda/blob/main/docs/RULES.md#lp-f02) Function timeout exceeds 15 minutes (1)\n');
  expect(stdout).toMatch(/\| File \| Resource \| Finding \|\n\| --- \| --- \| --- \|\n\| a\.json:\d+ \| Fn \| 'Timeout' must be at most 15 minutes, got 15 minutes 1 second; /);
  expect(stdout).toContain('### Notes\n\n- the exemption of LP-D01 matches no finding; remove it\n');
});

test('names cannot break the table, add markup or mention a person', () => {
  const { stdout } = new CommandFolder({ 'a.json': slow('<img src=x>|[a](b)@team`#1\n**x**') }).check('a.json', '--format', 'markdown');
  const [row] = stdout.split('\n').filter(line => line.includes('must be at most 15 minutes'));
  expect(row).toContain('| &lt;img src=x&gt;\\|\\[a\\](b)\\@team\\`\\#1 \\*\\*x\\*\\* |');
});

test('fifty rows of a rule are shown, and the number of the others', () => {
  const resources = Object.fromEntries(Array.from({ length: 52 }, (_, i) => [`Fn${i}`, fn({ Timeout: 901 })]));
  const { stdout } = new CommandFolder({ 'a.json': { Resources: resources } }).check('a.json', '--format', 'markdown');
  expect(stdout.split('\n').filter(line => line.includes('must be at most 15 minutes'))).toHaveLength(50);
  expect(stdout).toContain('| | and 2 more | |');
});
