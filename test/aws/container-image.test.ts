import { movingTagOf } from '../../src/aws';

test.each([
  ['pay', 'latest'], ['registry:5000/pay', 'latest'], ['pay:latest', 'latest'], ['pay:LATEST', 'LATEST'], ['pay:prod', 'prod'], ['*.dkr.ecr.*.*/*:stable', 'stable'],
  ['pay:main-node24', 'main-node24'], ['pay:latest_arm64', 'latest_arm64'], ['pay:blue', 'blue'],
])('%s can move: its tag is %s', (uri, tag) => expect(movingTagOf(uri)).toBe(tag));

test.each([
  '', '*', 'pay:*', 'pay:release-*', `pay@sha256:${'a'.repeat(64)}`, `pay:latest@sha256:${'a'.repeat(64)}`, 'pay:1.2.3', 'pay:v12', 'pay:9f2c1ab', 'pay:main-9f2c1ab',
  'pay:20261129', 'pay:prod-1.2.3', `assets:${'0f'.repeat(32)}`,
])('%s names one image, or is not known', uri => expect(movingTagOf(uri)).toBeUndefined());
