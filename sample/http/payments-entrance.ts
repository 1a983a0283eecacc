import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { Access, HttpEntrance, type HttpEntranceProps } from '../../src';

export interface PaymentsEntranceProps extends Pick<HttpEntranceProps, 'access' | 'entrance' | 'domain'> {
  /** The function that runs `paymentsApi`. */
  readonly payments: lambda.IFunction;
  /** The function that runs `webhookApi`. */
  readonly webhook: lambda.IFunction;
  /** The scopes that a token needs to pay and to read, if access is by token. */
  readonly scopes?: { readonly pay: string; readonly look: string };
}

/** The entrance for payments. The provider's webhook has its own access: the provider signs its calls instead of sending a token. */
export class PaymentsEntrance extends HttpEntrance {
  constructor(scope: Construct, id: string, { payments, webhook, scopes, ...props }: PaymentsEntranceProps) {
    const access = Access.unauthenticated({ reason: 'the payment provider signs each call; the handler checks the signature' });
    super(scope, id, {
      ...props,
      routes: [
        { method: apigwv2.HttpMethod.POST, path: '/payments', function: payments, scopes: scopes && [scopes.pay] },
        { method: apigwv2.HttpMethod.GET, path: '/payments/{id}', function: payments, scopes: scopes && [scopes.look] },
        { method: apigwv2.HttpMethod.POST, path: '/webhooks/provider', function: webhook, access },
      ],
    });
  }
}
