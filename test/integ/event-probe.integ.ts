import * as events from 'aws-cdk-lib/aws-events';
import { Proof } from './proof';
import { EventProbe, ProbeSource } from '../../src';

/** An event of the bus arrives in the queue of the probe. */
export const proof = new Proof('EventProbe');
const bus = new events.EventBus(proof.stack, 'Bus');
const { queue } = new EventProbe(proof.stack, 'Charged', { source: ProbeSource.eventBus(bus, { detailType: ['PaymentCharged'] }) });

const put = proof.test.assertions.awsApiCall('EventBridge', 'putEvents', {
  Entries: [{ EventBusName: bus.eventBusName, Source: 'integ', DetailType: 'PaymentCharged', Detail: '{}' }],
});
put.provider.addToRolePolicy({ Effect: 'Allow', Action: ['events:PutEvents'], Resource: [bus.eventBusArn] });
put.next(proof.receives(queue));
