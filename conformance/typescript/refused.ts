import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ProductionFunction, QueueConsumer } from 'cdk-production-lambda';

const app = new App();
const stack = new Stack(app, 'Orders');
const work = new ProductionFunction(stack, 'Work', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromAsset('../handlers/work'),
});
new QueueConsumer(stack, 'Queue', { function: work, maxConcurrency: 1 });
app.synth();
