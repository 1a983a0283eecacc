import { linesOf } from '../../../src/checks/engine/lines';

const IDS = { Fn: {}, Queue: {} };

test.each<[string, string, string, number | undefined]>([
  ['YAML', 'Parameters:\n  Queue: { Type: String }\nResources:\n  Fn:\n    Type: x\n    Queue: 1\n  Queue:\n    Type: y\n', 'Queue', 7],
  ['JSON', '{\n "Resources": {\n  "Fn": {\n   "Queue": 1\n  },\n  "Queue": {}\n }\n}', 'Queue', 6],
  ['a key with the name of the section', 'Metadata:\n  Resources:\n    Fn: 1\nResources:\n  Fn: {}\n', 'Fn', 5],
  ['a resource that SAM creates', 'Resources:\n  Queue: {}\n  Fn:\n    Type: x\n', 'FnRole', 3],
  ['an output with the name of a resource', 'Resources:\n  Queue: {}\nOutputs:\n  Fn: {}\n', 'Fn', undefined],
  ['the implicit API of SAM', 'Resources:\n  Fn:\n    Events:\n      A: { Type: Api }\n      H:\n        Type: HttpApi\n', 'ServerlessHttpApiStage', 6],
  ['the implicit REST API of SAM', '{\n"Resources": {\n"Fn": {"Events": {\n"A": {"Type": "Api"}}}}}', 'ServerlessRestApi', 4],
  ['one line', '{"Resources":{"Fn":{}}}', 'Fn', undefined],
  ['nothing', '', 'Fn', undefined],
])('%s', (_, text, id, line) => {
  expect(linesOf(text, IDS)(id)).toBe(line);
});
