import { readFileSync } from 'fs';
import { join } from 'path';
import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { TODAY } from '../rules/harness';

/** SAM templates of ours, each with the template that aws-sam-translator 1.110.0 made of it. */
const TEMPLATES: Record<string, { input: object; output: object }> = JSON.parse(
  readFileSync(join(__dirname, 'translated', 'templates.json'), 'utf8'));

/** Rules that answer the input and the output differently, with the reason. */
const REASONS: Record<string, string> = {
  'LP-P15': 'SAM writes DEPLOYMENT_STOP_ON_ALARM without alarms too, where it has no effect.',
  'LP-P42': 'The rule reads what the author wrote: the output no longer shows the properties of SAM.',
};

function findings(template: object): string[] {
  return check([input(template, 't')], { today: TODAY }).map(({ rule, severity }) => `${rule.id} ${severity}`)
    .filter(finding => !Object.hasOwn(REASONS, finding.split(' ')[0])).sort();
}

test.each(Object.entries(TEMPLATES))('%s: the findings are those of what SAM makes of it', (_, template) => {
  expect(findings(template.input)).toEqual(findings(template.output));
});

test('there are at least 20 templates, most with findings', () => {
  const all = Object.values(TEMPLATES);
  expect(all.length).toBeGreaterThanOrEqual(20);
  expect(all.filter(template => findings(template.output).length > 0).length).toBeGreaterThan(15);
});
