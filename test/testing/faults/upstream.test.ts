import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Upstream } from '../../../testing/src/faults/upstream';

test('the name in TLS is the host of the URL, and not the host that the client has signed', async () => {
  const names: string[] = [];
  const server = createServer({
    SNICallback: (name, callback) => {
      names.push(name);
      callback(new Error('there is no certificate'));
    },
  }).on('tlsClientError', () => undefined);
  await new Promise<void>(resolve => server.listen(0, resolve));
  const upstream = new Upstream(`https://localhost:${(server.address() as AddressInfo).port}`);
  const request = { method: 'GET', path: '/', headers: { host: 'proxy.example.com:8000' }, body: Buffer.alloc(0) };
  await expect(upstream.send(request)).rejects.toThrow();
  expect(names).toEqual(['localhost']);
  upstream.stop();
  server.close();
});
