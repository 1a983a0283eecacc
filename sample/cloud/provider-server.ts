import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerJson, read } from '../../testing/src';
import { StandInProvider } from '../local/services/provider';

/** The stand-in for the payment provider, at an address that any process on this machine reaches. */
export class ProviderServer {
  public static async start(): Promise<ProviderServer> {
    const provider = new StandInProvider({ chargeMillis: () => 50 });
    const server = createServer((request, response) => {
      read(request).then(body => provider.call({ method: request.method!, path: request.url!, headers: request.headers, body }))
        .then(({ status, body }) => answerJson(response, status, body), () => request.socket.destroy());
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return new ProviderServer(provider, server);
  }

  public readonly url: string;

  private constructor(public readonly provider: StandInProvider, private readonly server: Server) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
