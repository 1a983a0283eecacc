import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cloud } from './cloud';
import { answerJson, type Outcome } from '../../testing/src';

/** The operation Invoke of Lambda on localhost, for functions that no route invokes. */
export class Invocations {
  public static async start(cloud: Cloud): Promise<Invocations> {
    const invocations = new Invocations(cloud);
    await new Promise<void>((resolve, reject) => invocations.server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return invocations;
  }

  private readonly server = createServer((request, response) => {
    const [, name] = /^\/2015-03-31\/functions\/(\w+)\/invocations$/.exec(request.url!) ?? [];
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk; }).on('end', () => {
      this.invoke(name, body).then(
        outcome => outcome.kind === 'answer'
          ? answerJson(response, 200, outcome.payload)
          : answerJson(response, 200, { errorType: outcome.kind, ...outcome }, { 'x-amz-function-error': 'Unhandled' }),
        (error: Error) => answerJson(response, 400, { message: error.message }),
      );
    });
  });

  private constructor(private readonly cloud: Cloud) {}

  /** Where a function is invoked, by the start of its id. */
  public urlOf(name: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/2015-03-31/functions/${name}/invocations`;
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async invoke(name: string, body: string): Promise<Outcome> {
    return this.cloud.function(name).invoke(JSON.parse(body || '{}'));
  }
}
