import { proof } from './payments.integ';

const stacks = proof.app.synth().stacks;
const template = stacks.find(stack => stack.stackName === proof.stack.stackName)!.template;
const assertions = stacks.find(stack => stack.stackName !== proof.stack.stackName)!.template;

test('is the sample, with a provider that really is there', () => {
  const { Variables } = template.Resources.Pay6F77D406.Properties.Environment;
  expect(JSON.stringify(Variables.PROVIDER_URL)).toMatch(/Provider.*FunctionUrl/);
});

test('asserts the charge, its repetition, the number of charges, the settlement and the closed door, in that order', () => {
  const calls = Object.entries<any>(assertions.Resources).filter(([, r]) => /^Custom::DeployAssert@/.test(r.Type));
  expect(calls.filter(([, r]) => r.Properties.expected).length).toBe(4);
  expect(JSON.stringify(assertions)).toContain('states:StartExecution');
  const waits = calls.filter(([, r]) => r.DependsOn?.length > 0);
  expect(waits.length).toBeGreaterThanOrEqual(5);
});
