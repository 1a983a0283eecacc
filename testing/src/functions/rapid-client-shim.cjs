'use strict';
// aws-lambda-ric calls the Runtime API through a native addon. This file replaces it over HTTP, so that the client
// can be installed with --ignore-scripts (no compiler, no Node headers). Load it with: node --require <this file>.
const http = require('node:http');
const Module = require('node:module');

// The clock of a machine may be wrong by some seconds.
const skew = Number(process.env.LOCAL_CLOCK_SKEW_MS ?? 0);
if (skew !== 0) {
  const now = Date.now.bind(Date);
  globalThis.Date = new Proxy(Date, {
    construct: (target, values, newTarget) => Reflect.construct(target, values.length > 0 ? values : [now() + skew], newTarget),
    get: (target, name) => name === 'now' ? () => now() + skew : Reflect.get(target, name),
  });
}

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function post(path, body) {
  http.request({ hostname, port, agent, method: 'POST', path: `/2018-06-01/runtime/invocation/${path}`, headers: { 'Content-Length': Buffer.byteLength(body) } },
    answer => answer.resume()).end(body);
}

const load = Module._load;
Module._load = (request, ...rest) => request.endsWith('rapid-client.node')
  ? { done: (id, body) => post(`${id}/response`, body), error: (id, body) => post(`${id}/error`, body) }
  : load(request, ...rest);
