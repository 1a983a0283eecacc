import type { AppGraph } from '../../graph';
import type { Problem, Rule } from '../rule';

export const COVERAGE_RULES: Rule[] = [
  {
    id: 'LP-F130',
    category: 'foundation',
    severity: 'warning',
    title: 'Part of the template was not checked',
    why:
      'The rules read what the template and local files contain. They do not see what a macro, a loop over a '
      + 'list that is known later, or a remote template or definition creates.',
    fix: 'check the processed template too',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html',
    evaluate: unread,
  },
];

function unread(app: AppGraph): Problem[] {
  return app.templates.flatMap(template => template.unread()
    .map(({ part: { property, must, got, fix }, at }) => ({ at, property, must, got, fix })));
}
