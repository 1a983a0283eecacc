import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { read, type ProxiedRequest, type ProxiedResponse } from './aws-service';

/** A service at a URL: an emulator, a server of the test, or a real endpoint. */
export class Upstream {
  private readonly url: URL;
  private readonly agent: HttpAgent | HttpsAgent;

  constructor(url: string) {
    this.url = new URL(url);
    this.agent = this.url.protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  /** Forwards a request. The host that the client has signed remains, because the signature contains it. */
  public async send({ method, path, headers, body }: ProxiedRequest): Promise<ProxiedResponse> {
    const isSecure = this.url.protocol === 'https:';
    const { 'content-length': _length, 'transfer-encoding': _encoding, connection: _connection, ...kept } = headers;
    const options = {
      method,
      host: this.url.hostname,
      port: this.url.port || undefined,
      // Otherwise the name in TLS is the host that the client has signed: this proxy.
      servername: isIP(this.url.hostname) ? undefined : this.url.hostname,
      path: `${this.url.pathname.replace(/\/$/, '')}${path}`,
      headers: { ...kept, ...body.length > 0 && { 'content-length': String(body.length) } },
      agent: this.agent,
    };
    return new Promise((resolve, reject) => {
      (isSecure ? httpsRequest : httpRequest)(options, response => {
        const { connection: _own, 'transfer-encoding': _chunks, 'keep-alive': _keep, ...answered } = response.headers;
        const found = Object.fromEntries(Object.entries(answered).filter(([, value]) => value !== undefined)) as Record<string, string | string[]>;
        read(response).then(bytes => resolve({ status: response.statusCode!, body: bytes, headers: found }), reject);
      }).on('error', reject).end(body);
    });
  }

  public stop(): void {
    this.agent.destroy();
  }
}
