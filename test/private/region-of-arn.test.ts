import { App, Aws, Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { accountOfArn, isElsewhere, regionOfArn, requireSameRegion } from '../../src/private/region-of-arn';

const stackIn = (region?: string) => new Stack(new App(), 'Shop', { env: { region, account: '111122223333' } });
const at = (region: string) => `arn:aws:sqs:${region}:111122223333:orders`;

test.each<[string, () => string | undefined, string | undefined, string | undefined]>([
  ['a literal ARN', () => at('eu-west-1'), 'eu-west-1', '111122223333'],
  ['an ARN with a token as partition', () => `arn:${Aws.PARTITION}:sqs:eu-west-1:${Aws.ACCOUNT_ID}:orders`, 'eu-west-1', undefined],
  ['an ARN with a token as Region', () => at(Aws.REGION), undefined, '111122223333'],
  ['a resource', () => new sqs.Queue(stackIn('us-east-1'), 'Q').queueArn, 'us-east-1', '111122223333'],
  ['a resource of a stack without a Region', () => new sqs.Queue(stackIn(), 'Q').queueArn, undefined, '111122223333'],
  ['a bucket', () => 'arn:aws:s3:::bucket', undefined, undefined],
  ['nothing', () => undefined, undefined, undefined],
])('the Region and the account of %s', (_, arn, region, account) => {
  expect([regionOfArn(arn()), accountOfArn(arn())]).toEqual([region, account]);
});

test('only known values differ', () => {
  expect([isElsewhere('a', 'b'), isElsewhere('a', 'a'), isElsewhere(undefined, 'a'), isElsewhere('a', Aws.REGION)]).toEqual([true, false, false, false]);
});

test('fails when an ARN is in another Region', () => {
  expect(() => requireSameRegion('Shop/Q', 'queue', at('us-east-1'), stackIn('eu-west-1')))
    .toThrow("'queue' must be in eu-west-1, the Region of Shop, got us-east-1, where Lambda does not poll; create the function in that Region, or forward the events with EventBridge (at Shop/Q)");
  expect(() => requireSameRegion('Shop/Q', 'queue', at('us-east-1'), stackIn())).not.toThrow();
});
