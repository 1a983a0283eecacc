/* eslint-disable no-control-regex -- control characters are the subject */
import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { plainText } from '../../../src/checks/engine/plain-text';
import { fn } from '../rules/harness';

test('line breaks become spaces, and other control characters are replaced', () => {
  expect(plainText('a\r\n::stop-commands::x\tb')).toBe('a ::stop-commands::x b');
  expect(plainText('F\u001b[2J\u0007\u009b\u202Eabc\u2066')).toBe('F\uFFFD[2J\uFFFD\uFFFD\uFFFDabc\uFFFD');
  expect(plainText('Zahlung für 支払い')).toBe('Zahlung für 支払い');
});

test('no text of a finding contains a control character of the template', () => {
  const name = 'F\u001b[2J\n0 errors\n::stop-commands::x\n';
  const template = { Resources: { [name]: fn({ Timeout: 1000, Runtime: 'no\u001b[2Jde\n', Environment: { Variables: { [name]: 'x' } } }) } };
  const findings = check([input(template, `t${name}.json`)]);
  expect(findings.length).toBeGreaterThan(2);
  for (const { message, path, logicalId, template: file, property, problem, fix, subject } of findings) {
    expect([message, path, logicalId, file, property, problem, fix, subject].join('')).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/);
  }
});
