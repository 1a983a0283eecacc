import { Signer } from '@aws-sdk/rds-signer';
import { required, requiredNumber } from './variables';

/** The address and the credentials of a database. */
export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** A function is called for each new connection, because an IAM token is valid for 15 minutes. */
  readonly password: string | (() => Promise<string>);
  /** Whether the connection is encrypted and the certificate of the server verified. No other mode exists. */
  readonly tls: boolean;
}

/** Which variables contain the settings. */
export interface DatabaseOptions {
  /**
   * The `environmentPrefix` with which the function was connected.
   *
   * @default - none
   */
  readonly prefix?: string;
}

/** The names of the variables of an engine, with the variables that allow a database on this machine. */
export interface DatabaseVariables {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly localMode: { readonly variable: string; readonly value: string };
  readonly localPassword: string;
}

const THIS_MACHINE = /^(localhost|127\.0\.0\.1|::1)$/;

/**
 * The database to which the function was connected. The password is a token that is signed here with the role of the function. The connection
 * is encrypted and verified; only a database on this machine can be used without, for tests.
 */
export function databaseSettings(names: DatabaseVariables, { prefix = '' }: DatabaseOptions): DatabaseSettings {
  const [host, database, user] = [names.host, names.database, names.user].map(name => required(prefix + name));
  const port = requiredNumber(prefix + names.port);
  if (isLocal(host, names.localMode)) return { host, port, database, user, password: process.env[prefix + names.localPassword] ?? '', tls: false };
  const signer = new Signer({ hostname: host, port, username: user, region: required('AWS_REGION') });
  return { host, port, database, user, password: () => signer.getAuthToken(), tls: true };
}

function isLocal(host: string, { variable, value }: DatabaseVariables['localMode']): boolean {
  const mode = process.env[variable];
  if (mode === undefined || mode === '') return false;
  if (mode !== value || !THIS_MACHINE.test(host)) {
    throw new Error(`environment variable ${variable} must be unset, or '${value}' for a database on this machine, got '${mode}' for ${host}`);
  }
  return true;
}
