import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EVENTS, ISSUER, tokenOf } from './events';
import { callerOf } from '../../../sample/http/caller';
import { Tokens } from '../../../sample/http/tokens';

const byIam: [string, (userArn: string) => object][] = [
  ['an HTTP API or a function URL', userArn => ({ requestContext: { authorizer: { iam: { userArn } } } })],
  ['a REST API', userArn => ({ requestContext: { identity: { userArn } } })],
];

describe.each(byIam)('callers by IAM behind %s', (_, event) => {
  test.each([
    ['arn:aws:sts::111122223333:assumed-role/Shop/i-0aaa', 'arn:aws:sts::111122223333:assumed-role/Shop'],
    ['arn:aws:sts::111122223333:assumed-role/Shop/i-0bbb', 'arn:aws:sts::111122223333:assumed-role/Shop'],
    ['arn:aws:sts::111122223333:assumed-role/Shop/me@example.com', 'arn:aws:sts::111122223333:assumed-role/Shop'],
    ['arn:aws:sts::444455556666:assumed-role/Shop/i-0aaa', 'arn:aws:sts::444455556666:assumed-role/Shop'],
    ['arn:aws:sts::111122223333:assumed-role/Shop2/i-0aaa', 'arn:aws:sts::111122223333:assumed-role/Shop2'],
    ['arn:aws-cn:sts::111122223333:assumed-role/Shop/i-0aaa', 'arn:aws-cn:sts::111122223333:assumed-role/Shop'],
    ['arn:aws-us-gov:sts::111122223333:assumed-role/Shop/i-0aaa', 'arn:aws-us-gov:sts::111122223333:assumed-role/Shop'],
    ['arn:aws:iam::111122223333:user/teams/assumed-role/ada', 'arn:aws:iam::111122223333:user/teams/assumed-role/ada'],
    ['arn:aws:sts::111122223333:federated-user/ada', 'arn:aws:sts::111122223333:federated-user/ada'],
    ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:root'],
  ])('%s is %s', async (userArn, caller) => {
    expect(await callerOf(event(userArn))).toBe(caller);
  });
});

test.each([
  { authorizer: { iam: { userArn: 'arn:aws:sts::111122223333:assumed-role/Guests/CognitoIdentityCredentials', cognitoIdentity: { identityId: 'eu-west-1:ada' } } } },
  { identity: { userArn: 'arn:aws:sts::111122223333:assumed-role/Guests/CognitoIdentityCredentials', cognitoIdentityId: 'eu-west-1:ada' } },
])('the people of an identity pool share a role, and are different callers: %j', async requestContext => {
  expect(await callerOf({ requestContext })).toBe('eu-west-1:ada');
});

test.each([{}, { authorizer: null }, { identity: { userArn: null } }, { authorizer: { iam: { userArn: '' } } }, { authorizer: { iam: { userArn: 'x'.repeat(2_049) } } }])('%j is nobody', async requestContext => {
  await expect(callerOf({ requestContext })).rejects.toThrow('the request does not identify its caller');
});

describe('behind a load balancer', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let asked = 0;
  let isDown = false;
  const server = createServer((_, response) => {
    asked++;
    const keys = [{ ...ISSUER.keys.publicKey.export({ format: 'jwk' }), kid: ISSUER.kid, use: 'sig' }, { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' }, { kty: 'oct', k: 'AAAA', kid: 'oct' }];
    response.writeHead(isDown ? 503 : 200).end(JSON.stringify({ keys }));
  });
  let tokens: Tokens;

  beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void server.close());
  beforeEach(() => {
    [asked, isDown] = [0, false];
    tokens = new Tokens({ ...ISSUER, jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  });

  const withToken = (token: string) => EVENTS.loadBalancer({ method: 'POST', path: '/payments', headers: { authorization: `Bearer ${token}` } });
  const now = () => Math.floor(Date.now() / 1_000);

  test('the subject of a token is the caller once its signature was verified', async () => {
    for (let i = 0; i < 3; i++) expect(await callerOf(withToken(tokenOf('ada')), tokens)).toBe('ada');
    expect(asked).toBe(1);
  });

  test('without multi-value headers as well', async () => {
    const { multiValueHeaders: _, ...event } = withToken('') as { multiValueHeaders: object };
    expect(await callerOf({ ...event, headers: { authorization: `Bearer ${tokenOf('ada')}` } }, tokens)).toBe('ada');
  });

  test.each<[string, () => string]>([
    ['an access token of Cognito', () => tokenOf('ada', { aud: undefined, client_id: 'payments' })],
    ['a token for several', () => tokenOf('ada', { aud: ['other', 'payments'] })],
  ])('%s is accepted', async (_, token) => {
    expect(await callerOf(withToken(token()), tokens)).toBe('ada');
  });

  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  test.each<[string, () => string]>([
    ['a token that nobody signed', () => `${tokenOf('ada').split('.').slice(0, 2).join('.')}.c2ln`],
    ['a token that somebody else signed', () => tokenOf('ada', {}, {}, stranger)],
    ['a token with other claims than were signed', () => [...tokenOf('ada').split('.').entries()].map(([i, part]) => i === 1 ? tokenOf('eve').split('.')[1] : part).join('.')],
    ['a token without a signature', () => tokenOf('ada', {}, { alg: 'none' })],
    ['a token signed with the public key as a secret', () => tokenOf('ada', {}, { alg: 'HS256' })],
    ['an algorithm that the key is not of', () => tokenOf('ada', {}, { alg: 'ES256' })],
    ['a key of another type', () => tokenOf('ada', {}, { kid: 'ec' })],
    ['a key that is not there', () => tokenOf('ada', {}, { kid: 'key-2' })],
    ['a key by no name', () => tokenOf('ada', {}, { kid: undefined })],
    ['an algorithm of the prototype', () => tokenOf('ada', {}, { alg: 'constructor' })],
    ['another issuer', () => tokenOf('ada', { iss: 'https://login.example.org' })],
    ['another audience', () => tokenOf('ada', { aud: 'orders' })],
    ['no audience', () => tokenOf('ada', { aud: undefined })],
    ['a token that has expired', () => tokenOf('ada', { exp: now() - 1 })],
    ['a token that does not expire', () => tokenOf('ada', { exp: undefined })],
    ['a token of tomorrow', () => tokenOf('ada', { nbf: now() + 86_400 })],
    ['no subject', () => tokenOf(null)],
    ['no token', () => ''],
    ['no JSON', () => 'a.b.c'],
  ])('%s is nobody', async (_, token) => {
    await expect(callerOf(withToken(token()), tokens)).rejects.toThrow('the request does not identify its caller');
  });

  test('a signed token is nobody where nothing can verify it', async () => {
    await expect(callerOf(withToken(tokenOf('ada')))).rejects.toThrow('the request does not identify its caller');
  });

  test('a token of an elliptic key is verified', async () => {
    const text = [{ alg: 'ES256', kid: 'ec' }, { iss: ISSUER.issuer, aud: 'payments', sub: 'ada', exp: now() + 60 }].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const { sign } = jest.requireActual<typeof import('node:crypto')>('node:crypto');
    const signature = sign('sha256', Buffer.from(text), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    expect(await callerOf(withToken(`${text}.${signature}`), tokens)).toBe('ada');
  });

  test('keys that nobody has cause one request, and keys that could not be had another one', async () => {
    for (let i = 0; i < 5; i++) await callerOf(withToken(tokenOf('ada', {}, { kid: `key-${i + 5}` })), tokens).catch(() => undefined);
    expect(asked).toBe(1);
    tokens = new Tokens({ ...ISSUER, jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    isDown = true;
    await expect(callerOf(withToken(tokenOf('ada')), tokens)).rejects.toThrow('the keys of https://login.example.com were not available: 503');
    isDown = false;
    expect(await callerOf(withToken(tokenOf('ada')), tokens)).toBe('ada');
  });
});
