import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { Proof } from './proof';
import { Access, Entrance, HttpEntrance } from '../../src';

/** Each entrance that needs no network leads to the function, and refuses who does not prove who calls. */
export const proof = new Proof('HttpEntrance');
const { stack, test } = proof;
const hello = proof.function('Hello', "return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ hello: 'world' }) };");
const routes = [
  { method: apigwv2.HttpMethod.GET, path: '/hello', function: hello, access: Access.unauthenticated({ reason: 'what it says is for everybody' }) },
  { method: apigwv2.HttpMethod.GET, path: '/secret', function: hello },
];

for (const [id, entrance] of [['Http', Entrance.httpApi()], ['Rest', Entrance.restApi()]] as const) {
  const { url } = new HttpEntrance(stack, id, { entrance, access: Access.iam(), routes });
  test.assertions.httpApiCall(`${url}hello`).expect(ExpectedResult.objectLike({ status: 200, body: { hello: 'world' } }));
  test.assertions.httpApiCall(`${url}secret`).expect(ExpectedResult.objectLike({ status: 403 }));
}
