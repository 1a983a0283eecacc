import { App, Stack } from 'aws-cdk-lib';
import { parseTemplate } from '../../../src/checks/cli/parse';
import { check, type Finding } from '../../../src/checks/engine/check';
import { input, loadTemplate } from '../../../src/checks/engine/load';
import type { TemplateInput } from '../../../src/checks/graph';
import { RULES } from '../../../src/checks/rules';
import { TODAY } from '../rules/harness';

export function synthesise(build: (stack: Stack) => void): TemplateInput[] {
  const app = new App({ analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': true } });
  build(new Stack(app, 'App'));
  return app.synth().stacks.flatMap(stack => loadTemplate(stack.templateFullPath, undefined, { name: stack.templateFile }));
}

export function sam(text: string): TemplateInput[] {
  return [input(parseTemplate(text, 'template.yaml'), 'template.yaml')];
}

/** `LP-F01 error App/Hello`, in order. Each rule has the same findings without the others, as with `categories` and `severities`. */
export function findings(inputs: TemplateInput[]): string[] {
  const all = check(inputs, { today: TODAY });
  for (const rule of new Set(all.map(finding => finding.rule))) {
    const others = new Map(RULES.filter(one => one !== rule).map(one => [one.id, 'off' as const]));
    expect(texts(check(inputs, { today: TODAY, severities: others }))).toEqual(texts(all.filter(finding => finding.rule === rule)));
  }
  return texts(all);
}

function texts(found: Finding[]): string[] {
  return found.map(({ rule, severity, path }) => `${rule.id} ${severity} ${path}`).sort();
}
