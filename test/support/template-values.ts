import { AppGraph } from '../../src/checks/graph';
import type { TemplateInput } from '../../src/checks/graph';
import { queue, r } from '../checks/rules/harness';

export const graph = (template: object, ...others: TemplateInput[]) => new AppGraph([{ name: 'a', template: template as never }, ...others]);

/** The resolved value of a property of a template. */
export function value(raw: unknown, template: object = {}): unknown {
  const app = graph({ Resources: { X: r('Some::Type', { v: raw }), Queue: queue({ QueueName: 'orders' }) }, ...template });
  return app.ofType('Some::Type')[0].get('v');
}

export const PARAMETERS = {
  Parameters: {
    Size: { Type: 'Number', Default: 7 },
    Names: { Type: 'CommaDelimitedList', Default: 'a, b' },
    Free: { Type: 'String' },
    Latest: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' },
  },
};
