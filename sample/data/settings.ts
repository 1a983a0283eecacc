import { Signer } from '@aws-sdk/rds-signer';
import type { DatabaseSettings } from './database';
import { required, requiredNumber } from '../runtime/environment';

const THIS_MACHINE = /^(localhost|127\.0\.0\.1|::1)$/;

/**
 * The database that the stack connected the function to, by the variables of libpq. The password is a token, signed locally
 * with the function's role. The connection is encrypted and verified, except with `PGSSLMODE=disable` on this machine.
 */
export function databaseSettings(): DatabaseSettings {
  const [host, port, database, user] = [required('PGHOST'), requiredNumber('PGPORT'), required('PGDATABASE'), required('PGUSER')];
  if (isLocal(host)) return { host, port, database, user, password: process.env.PGPASSWORD ?? '', tls: false };
  const signer = new Signer({ hostname: host, port, username: user, region: required('AWS_REGION') });
  return { host, port, database, user, password: () => signer.getAuthToken(), tls: true };
}

function isLocal(host: string): boolean {
  const mode = process.env.PGSSLMODE;
  if (mode === undefined || mode === '') return false;
  if (mode !== 'disable' || !THIS_MACHINE.test(host)) {
    throw new Error(`environment variable PGSSLMODE must be unset, or 'disable' for a database on this machine, got '${mode}' for ${host}`);
  }
  return true;
}
