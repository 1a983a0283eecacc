import { REGION } from '../template/assembly';

/** An emulated AWS account: all services at one URL. */
export class EmulatedAccount {
  /** Its requests end when `signal` aborts. */
  constructor(public readonly url: string, protected readonly signal: AbortSignal) {}

  /** What the CDK's command and the SDK need to take this for AWS. */
  public get variables(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.url, AWS_ENDPOINT_URL_S3: this.url, AWS_REGION: REGION, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test',
    };
  }

  /** Calls a service that speaks JSON, such as `secretsmanager.PutSecretValue`. */
  public async call(service: string, target: string, input: object): Promise<any> {
    const response = await this.fetch('/', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': target,
        'authorization': `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=00`,
      },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${target} answered ${response.status}: ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }

  /** Requests a path of the account. */
  public fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { ...init, signal: this.signal });
  }
}
