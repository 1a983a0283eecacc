import { App, Aws, Fn, Lazy, Stack, Stage } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { addressesIn, referenceText } from '../../src/private/reference-text';

const PAIR = () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map(id => new Stack(new Stage(app, id), 'Shop'));
  return { one, other, queues: [one, other].map(stack => new sqs.Queue(stack, 'Orders')) };
};

test('the same logical id in another stage has another text', () => {
  const { one, other, queues } = PAIR();
  expect(one.resolve(queues[0].queueArn)).toEqual(other.resolve(queues[1].queueArn));
  expect(referenceText(one, queues[0].queueArn)).not.toBe(referenceText(one, queues[1].queueArn));
  expect(referenceText(other, queues[0].queueArn)).toBe(referenceText(one, queues[0].queueArn));
});

test('a reference to another account has a text, where resolving it throws an error', () => {
  const app = new App();
  const [one, other] = ['111111111111', '222222222222'].map(account => new Stack(app, `In${account}`, { env: { account, region: 'eu-central-1' } }));
  const queue = new sqs.Queue(one, 'Orders');
  expect(() => other.resolve(queue.queueArn)).toThrow('cross-environment');
  expect(referenceText(other, queue.queueArn)).toBe(referenceText(one, queue.queueArn));
});

test('intrinsic functions, lazy values and pseudo parameters are resolved', () => {
  const { one, queues: [queue] } = PAIR();
  const text = referenceText(one, { arn: `${queue.queueArn}/x`, name: Fn.select(5, Fn.split(':', queue.queueArn)), late: Lazy.string({ produce: () => `${Aws.REGION}!` }) });
  expect(text).toBe(`{"arn":"<${queue.node.defaultChild!.node.addr}.Arn>/x","name":{"Fn::Select":[5,{"Fn::Split":[":","<${queue.node.defaultChild!.node.addr}.Arn>"]}]},"late":"{\\"Ref\\":\\"AWS::Region\\"}!"}`);
  expect(addressesIn(one, [queue.queueArn, 'literal', undefined])).toEqual([queue.node.defaultChild!.node.addr]);
  expect(referenceText(one, undefined)).toBe('');
});
