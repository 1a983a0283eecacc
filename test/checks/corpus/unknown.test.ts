import { synthesise } from './findings';
import { ODD_APPS } from './odd';
import { check } from '../../../src/checks/engine/check';
import type { TemplateInput } from '../../../src/checks/graph';
import { TODAY } from '../rules/harness';

function errors(inputs: TemplateInput[]): string[] {
  return check(inputs, { today: TODAY }).filter(({ severity }) => severity === 'error').map(({ rule, path }) => `${rule.id} ${path}`);
}

/** Correct apps, with each value in turn replaced by an unknown one. */
test.each(Object.entries(ODD_APPS))('%s: an unknown value causes no error', (_, build) => {
  const inputs = synthesise(build);
  const found: string[] = [];
  const visit = (holder: any, path: string) => {
    for (const key of Object.keys(holder)) {
      const kept = holder[key];
      holder[key] = { Ref: 'GivenAtDeployment' };
      found.push(...errors(inputs).map(error => `${path}.${key}: ${error}`));
      holder[key] = kept;
      if (typeof kept === 'object' && kept !== null) visit(kept, `${path}.${key}`);
    }
  };
  for (const { template } of inputs) {
    Object.assign(template, { Parameters: { ...template.Parameters as object, GivenAtDeployment: { Type: 'String' } } });
    for (const [id, resource] of Object.entries(template.Resources as Record<string, any>)) visit(resource.Properties ?? {}, id);
  }
  expect(found).toEqual([]);
});
