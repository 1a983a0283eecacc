import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { expectNoFindings, expectNothingPastTheAlias, prove, ProofError, rehearse, runHandler } from 'cdk-production-lambda-testing';
import * as payments from './app.js';

const charges = [];
const records = new Set();
const provider = createServer((request, response) => {
  const [, what, order] = request.url.split('/');
  if (request.method === 'POST') charges.push(order);
  if (request.method === 'PUT') records.add(order);
  response.writeHead(what === 'records' && !records.has(order) ? 404 : 200).end();
});
let pay;
before(async () => {
  await new Promise(resolve => provider.listen(0, '127.0.0.1', resolve));
  pay = await runHandler(payments.pay, { http: { PROVIDER_URL: `http://127.0.0.1:${provider.address().port}` } });
});
after(async () => {
  await pay.stop();
  provider.closeAllConnections();
  provider.close();
});

test('the template has no finding, and nothing invokes $LATEST', () => {
  expectNothingPastTheAlias(payments.stack);
  expectNoFindings(payments.app, { from: 'error' });
});

test('the handler charges twice', async () => {
  const proof = prove({
    deliver: ({ key, faults }) => pay.invoke({ order: key }, { faults }),
    effects: () => charges,
    key: order => order,
  });
  await assert.rejects(proof, error => {
    console.log(error.message);
    return error instanceof ProofError && error.report.sequence.violation === 'twice';
  });
});

test('the stack deploys', async t => {
  execFileSync('npx', ['cdk', 'synth', '--quiet'], { stdio: 'inherit' });
  const command = ['node', '--input-type=module', '--eval', `
    const list = await fetch(process.env.AWS_ENDPOINT_URL + '/2015-03-31/functions/').then(response => response.json());
    if (!list.Functions.some(each => each.FunctionName.includes('Pay'))) throw new Error(JSON.stringify(list));`];
  const rehearsal = await rehearse({ command, log: console.log }).catch(error => error.name === 'UnavailableError' ? undefined : Promise.reject(error));
  if (!rehearsal) return t.skip('MiniStack cannot be installed');
  assert.equal(rehearsal.exitCode, 0);
});
