import { App, Stack, Stage } from 'aws-cdk-lib';
import type { Finding } from '../../src/checks/engine/check';
import { stageNotice } from '../../src/checks/stage-notice';

const finding = (template: string, severity = 'error') => ({ template, severity }) as Finding;
const app = new App();
new Stack(new Stage(app, 'Prod'), 'Shop');
new Stack(app, 'Ops');
const PATHS: Record<string, string> = { 'assembly-Prod/Shop.json': 'Prod/Shop', 'Ops.json': 'Ops' };
const notice = (...found: Finding[]) => stageNotice(app, found, template => PATHS[template]);

test('states the errors in stages, which cdk synth does not select', () => {
  expect(notice(finding('assembly-Prod/Shop.json'), finding('assembly-Prod/Shop.json'), finding('Ops.json'))).toBe(
    "ProductionChecks: 2 errors in stacks of stages (Prod/Shop). 'cdk synth' without a selection does not report them; run cdk synth '**', or cdk-production-lambda check");
});

test.each([
  ['errors outside of stages', [finding('Ops.json')]],
  ['warnings in stages', [finding('assembly-Prod/Shop.json', 'warning')]],
  ['templates of no known stack', [finding('other.json')]],
  ['nothing', []],
])('is silent about %s', (_, found) => {
  expect(notice(...found)).toBeUndefined();
});
