import { send, WEBHOOK_SECRET } from './platform';
import { isSigned, signatureOf } from '../../sample/provider/signature';
import { type Handler, newEnvironment } from '../support/environments';
import { FakeServices } from '../support/fake-services';

const services = new FakeServices();

const NOTICE = { payment: 'a'.repeat(32), chargeId: 'ch_1' };
let webhook: Handler<unknown, any>;

beforeAll(async () => {
  await services.start();
  services.secrets.WebhookSecret = WEBHOOK_SECRET;
  Object.assign(process.env, {
    ...services.environment,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_TRACE_ENABLED: 'false',
    WEBHOOK_SECRET: 'WebhookSecret',
    SETTLEMENTS_QUEUE_URL: services.queueUrl,
  });
  webhook = newEnvironment(() => jest.requireActual('../../sample/handlers/webhook'));
});
afterAll(() => services.stop());
beforeEach(() => services.reset());

const deliver = (body: string, signature = signatureOf(body, WEBHOOK_SECRET), entrance = 'httpApi') =>
  send(webhook, { method: 'POST', path: '/webhooks/provider', body, headers: { 'x-signature': signature }, caller: null }, 10_000, entrance);

test.each(['httpApi', 'restApi', 'functionUrl'])('puts a signed notice on the queue of settlements, behind %s', async entrance => {
  const body = JSON.stringify({ ...NOTICE, more: 'that nobody asked for' });
  expect(await deliver(body, undefined, entrance)).toMatchObject({ status: 202, body: { accepted: NOTICE.payment } });
  expect(services.messages.map(m => [m.QueueUrl, JSON.parse(m.MessageBody)])).toEqual([[services.queueUrl, NOTICE]]);
});

const BODY = JSON.stringify(NOTICE);
const now = Math.floor(Date.now() / 1_000);
test.each<[string, string]>([
  ['no signature', ''], ['nonsense', 'nonsense'], ['another secret', signatureOf(BODY, 'other')], ['another body', signatureOf('{}', WEBHOOK_SECRET)],
  ['another time than was signed', signatureOf(BODY, WEBHOOK_SECRET).replace(/t=\d+/, `t=${now - 10}`)],
  ['a signature that was overheard an hour ago', signatureOf(BODY, WEBHOOK_SECRET, now - 3_600)], ['one from tomorrow', signatureOf(BODY, WEBHOOK_SECRET, now + 86_400)],
  ['a signature cut short', signatureOf(BODY, WEBHOOK_SECRET).slice(0, -2)], ['capitals', signatureOf(BODY, WEBHOOK_SECRET).toUpperCase()],
])('%s is answered 401 and reaches no queue', async (_, signature) => {
  expect(await deliver(BODY, signature)).toMatchObject({ status: 401, body: { code: 'FORGED_WEBHOOK' } });
  expect(services.messages).toEqual([]);
});

test.each([[300, true], [301, false], [-300, true], [-301, false]])('%i seconds apart: %s', (apart, expected) => {
  expect(isSigned(BODY, signatureOf(BODY, 's', 1_000_000), 's', 1_000_000 + apart)).toBe(expected);
});

test('a signature of a secret that was rotated since it was read is accepted, and the one of before is not any more', async () => {
  webhook = newEnvironment(() => jest.requireActual('../../sample/handlers/webhook')); // has not read the secret again for a forged notice
  await deliver(BODY);
  services.secrets.WebhookSecret = 'whsec_rotated';
  try {
    expect((await deliver(BODY, signatureOf(BODY, 'whsec_rotated'))).status).toBe(202);
    expect((await deliver(BODY, signatureOf(BODY, WEBHOOK_SECRET))).status).toBe(401);
  } finally {
    services.secrets.WebhookSecret = WEBHOOK_SECRET;
    webhook = newEnvironment(() => jest.requireActual('../../sample/handlers/webhook'));
  }
});

test('a provider in a rotation may send two signatures, and one of them is enough', async () => {
  const both = `${signatureOf(BODY, 'other', now)},${signatureOf(BODY, WEBHOOK_SECRET, now).split(',')[1]}`;
  expect((await deliver(BODY, both)).status).toBe(202);
  expect(isSigned(BODY, `t=${now}${`,v1=${'0'.repeat(64)}`.repeat(6)}`, WEBHOOK_SECRET)).toBe(false);
});

test('a hundred forged notices do not read the secret a hundred times', async () => {
  services.asked.length = 0;
  for (let i = 0; i < 100; i++) await deliver(BODY, signatureOf(BODY, `guess-${i}`));
  expect(services.asked.filter(operation => operation === 'GetSecretValue').length).toBeLessThanOrEqual(2);
});

test.each(['{}', 'null', '[]', 'text', '{"payment":"p-1","chargeId":"c"}', '{"payment":"aa","chargeId":1}'])('the signed body %s is answered 400', async body => {
  expect(await deliver(body)).toMatchObject({ status: 400, body: { code: 'INVALID_SETTLEMENT' } });
  expect(services.messages).toEqual([]);
});

test('a queue that does not take the notice is an error, so that the provider sends it again', async () => {
  services.broken.add('SendMessage');
  const { status, body } = await deliver(BODY);
  expect([status, body.message]).toEqual([500, 'Internal Server Error']);
});
