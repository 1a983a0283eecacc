/* eslint-disable no-control-regex -- control characters are the subject */
import { check } from '../../src/checks/engine/check';
import { input } from '../../src/checks/engine/load';
import { plainText } from '../../src/private/plain-text';
import { fn } from '../checks/rules/harness';

test('line breaks become spaces, and other control characters are replaced', () => {
  expect(plainText('a\r\nb\tc')).toBe('a b c');
  expect(plainText('F\u001b[2J\u0007\u009b\u202Eabc\u2066')).toBe('F\uFFFD[2J\uFFFD\uFFFD\uFFFDabc\uFFFD');
  expect(plainText('Zahlung für 支払い')).toBe('Zahlung für 支払い');
});

test.each([
  '\u0085', '\u00AD', '\u061C', '\u180E', '\u200B', '\u200E', '\u2028', '\u2029', '\u202A', '\u2060', '\u2069', '\uFEFF', '\u{E0041}', '\u{1D173}',
])('%j is not visible and is replaced', character => {
  expect(plainText(`a${character}b`)).toBe('a\uFFFDb');
});

// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
test.each([
  ['::stop-commands::x', ':\uFFFDstop-commands::x'],
  ['a\n::error::x', 'a :\uFFFDerror::x'],
  ['a ::add-mask::x', 'a :\uFFFDadd-mask::x'],
  ['a\u00A0::Error::x', 'a\u00A0:\uFFFDError::x'],
  ['a##[stop-commands]x', 'a##\uFFFDstop-commands]x'],
  ['###[error]x', '###\uFFFDerror]x'],
])('%j contains no workflow command', (text, shown) => {
  expect(plainText(text)).toBe(shown);
});

test.each(['AWS::Lambda::Function', "got '::/0'", 'got ::1', 'a # [b]', 'arn:aws:iam::111122223333:role/x', 'GET ::'])('%j stays as it is', text => {
  expect(plainText(text)).toBe(text);
});

test('no text of a finding contains a control character of the template', () => {
  const name = 'F\u001b[2J\n0 errors\n::stop-commands::x\n##[error]';
  const template = { Resources: { [name]: fn({ Timeout: 1000, Runtime: 'no\u001b[2Jde\n', Environment: { Variables: { [name]: 'x' } } }) } };
  const findings = check([input(template, `t${name}.json`)]);
  expect(findings.length).toBeGreaterThan(2);
  for (const { message, path, logicalId, template: file, property, problem, fix, subject } of findings) {
    expect([message, path, logicalId, file, property, problem, fix, subject].join('')).not.toMatch(/[\u0000-\u001F\u007F-\u009F]|\s::s|##\[/);
  }
});
