import { FIELD_APPS } from './field';
import { findings, sam } from './findings';

/** Every finding is reviewed: the apps without findings are correct, and the others have one mistake each. */
const FIELD: Record<string, string[]> = {
  'queue with a redrive policy and partial batch responses': [],
  'queue without a dead-letter queue': [
    'LP-F34 error Jobs',
  ],
  'queue with filters and a short visibility timeout': [
    'LP-F32 warning Jobs',
  ],
  'mapping that is switched off': [],
  'stream with retries, a destination and partial batch responses': [
    'LP-F47 info WorkRecords',
    'LP-F48 warning WorkRecords',
  ],
  'stream without a limit of retries': [
    'LP-F44 error WorkRecords',
    'LP-F48 warning WorkRecords',
  ],
  'stream with retries whose discarded records are lost': [
    'LP-F45 error WorkRecords',
    'LP-F48 warning WorkRecords',
  ],
  'topic with a destination of the function': [],
  'topic without a destination': [
    'LP-F23 error Work',
  ],
  'rule with a dead-letter queue of its target': [],
  'rule whose events are lost on failure': [
    'LP-F138 warning WorkPlaced',
    'LP-F23 error Work',
  ],
  'schedule of EventBridge Scheduler': [],
  'bucket with a suffix': [],
  'bucket that the function writes into': [
    'LP-F22 warning WorkImageNotification',
  ],
  'streamed response of an event': [],
  'streamed response of a document': [],
  'streamed response with a timeout of a minute': [
    'LP-F03 error Work',
  ],
  'buffered response of a slow function': [
    'LP-F03 error Work',
  ],
  'API that excludes some addresses only': [
    'LP-H09 error Api',
  ],
  'API for some addresses only': [],
  'function URL for the roles of the account': [],
  'function URL for everyone, as of a webhook': [
    'LP-H22 error WorkUrl',
  ],
  'table with recovery that the function writes': [],
  'table without recovery': [
    'LP-D40 warning Orders',
  ],
  'table whose items expire': [],
  'events for every bus': [
    'LP-F72 warning WorkRole',
  ],
  'text recognition, which IAM cannot scope': [],
  'alarm on the errors of the function': [],
  'alarm on a metric that does not exist': [
    'LP-P45 warning Alarm',
  ],
  'alarm with an ARN as the name of the function': [
    'LP-P45 warning Alarm',
  ],
};

test('all apps are reviewed', () => expect(Object.keys(FIELD)).toEqual(Object.keys(FIELD_APPS)));

test.each(Object.entries(FIELD))('%s', (name, expected) => expect(findings(sam(FIELD_APPS[name]))).toEqual(expected));
