/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { Reference, Unknown } from '../../../src/checks/graph';
import { TemplateGraph } from '../../../src/checks/graph/template-graph';
import { graph } from '../../support/template-values';
import { att, queue, r } from '../rules/harness';

const exporting = { Resources: { Queue: queue() }, Outputs: { Arn: { Value: att('Queue'), Export: { Name: 'shop:queue' } } } };

test('an import resolves to its export', () => {
  const app = graph({ Resources: { Map: r('Some::Type', { v: { 'Fn::ImportValue': { 'Fn::Sub': 'shop:queue' } } }) } }, { name: 'b', template: exporting });
  expect((app.ofType('Some::Type')[0].get('v') as Reference).resource.template.input.name).toBe('b');
});

test('a reference to a stack of another Region resolves to the value that CDK passes', () => {
  const writer = r('Custom::CrossRegionExportWriter', { WriterProps: { region: 'eu-west-1', exports: { '/cdk/exports/Web/Arn': att('Queue') } } });
  const app = graph(
    { Resources: { Reader: r('Custom::CrossRegionExportReader'), Map: r('Some::Type', { v: att('Reader', '/cdk/exports/Web/Arn'), other: att('Reader', '/cdk/exports/Web/Other') }) } },
    { name: 'b', template: { Resources: { Queue: queue(), Writer: writer } } });
  const [map] = app.ofType('Some::Type');
  expect((map.get('v') as Reference).resource.logicalId).toBe('Queue');
  expect((map.get('other') as Reference).resource.logicalId).toBe('Reader');
});

test('circular exports are unknown', () => {
  const circle = (own: string, other: string) => ({ Resources: {}, Outputs: { O: { Value: { 'Fn::ImportValue': other }, Export: { Name: own } } } });
  const app = graph({ ...circle('a', 'b'), Resources: { X: r('Some::Type', { v: { 'Fn::ImportValue': 'a' } }) } }, { name: 'b', template: circle('b', 'a') });
  expect(app.ofType('Some::Type')[0].get('v')).toBe(Unknown.VALUE);
});

test('every export is resolved once, also if each refers to the next one twice', () => {
  const next = (i: number) => ({ 'Fn::ImportValue': `e${i + 1}` });
  const Outputs = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`O${i}`, { Export: { Name: `e${i}` }, Value: { 'Fn::Join': ['', [next(i), next(i)]] } }]));
  const resolved = jest.spyOn(TemplateGraph.prototype, 'within');
  graph({ Resources: { X: r('Some::Type', { v: { 'Fn::ImportValue': 'e0' } }) }, Outputs }).ofType('Some::Type')[0].get('v');
  expect(resolved.mock.calls.length).toBeLessThanOrEqual(2 * 50);
  resolved.mockRestore();
});
