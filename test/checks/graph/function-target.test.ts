/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { targetOf } from '../../../src/checks/graph';
import { graph } from '../../support/template-values';
import { alias, att, fn, r, ref, version } from '../rules/harness';

const template = { Resources: { Fn: fn({ FunctionName: 'pay' }), Version: version(), Live: alias(), X: r('Some::Type') } };
const app = graph(template);
const resolve = (raw: unknown) => {
  const target = targetOf(app, app.templates[0].resolve(raw), app.ofType('Some::Type')[0]);
  return [target.function?.resource.logicalId, target.alias?.logicalId, target.version?.logicalId, target.qualifier];
};

test.each([
  ['the function', ref('Fn'), ['Fn', undefined, undefined, '$LATEST']],
  ['its ARN', att('Fn'), ['Fn', undefined, undefined, '$LATEST']],
  ['the alias', ref('Live'), ['Fn', 'Live', undefined, 'live']],
  ['the version', ref('Version'), ['Fn', undefined, 'Version', '']],
  ['ARN and alias name', { 'Fn::Sub': '${Fn.Arn}:live' }, ['Fn', 'Live', undefined, 'live']],
  ['ARN and unknown name', { 'Fn::Join': [':', [att('Fn'), ref('Free')]] }, ['Fn', undefined, undefined, undefined]],
  ['a name from the alias', { 'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', ref('Live')] }] }, ':live']] }, ['Fn', 'Live', undefined, 'live']],
  ['a plain name', 'pay', ['Fn', undefined, undefined, '$LATEST']],
  ['a plain name and alias', 'pay:live', ['Fn', 'Live', undefined, 'live']],
  ['a plain ARN', 'arn:aws:lambda:eu-west-1:111122223333:function:pay:live', ['Fn', 'Live', undefined, 'live']],
  ['another function', 'arn:aws:lambda:eu-west-1:111122223333:function:other', [undefined, undefined, undefined, undefined]],
  ['an undefined alias', { 'Fn::Sub': '${Fn.Arn}:beta' }, ['Fn', undefined, undefined, 'beta']],
])('%s', (_, raw, expected) => expect(resolve(raw)).toEqual(expected));
