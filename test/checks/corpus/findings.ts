import { App, Stack } from 'aws-cdk-lib';
import { parseTemplate } from '../../../src/checks/cli/parse';
import { check } from '../../../src/checks/engine/check';
import { input, loadTemplate } from '../../../src/checks/engine/load';
import type { TemplateInput } from '../../../src/checks/graph';
import { TODAY } from '../rules/harness';

export function synthesise(build: (stack: Stack) => void): TemplateInput[] {
  const app = new App({ analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': true } });
  build(new Stack(app, 'App'));
  return app.synth().stacks.flatMap(stack => loadTemplate(stack.templateFullPath, undefined, { name: stack.templateFile }));
}

export function sam(text: string): TemplateInput[] {
  return [input(parseTemplate(text, 'template.yaml'), 'template.yaml')];
}

/** `LP-F01 error App/Hello`, in order. */
export function findings(inputs: TemplateInput[]): string[] {
  return check(inputs, { today: TODAY }).map(({ rule, severity, path }) => `${rule.id} ${severity} ${path}`).sort();
}
