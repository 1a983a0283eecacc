import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { PrivateNetworkProps } from './private-network-props';
import { VPC } from '../aws';
import { DEFAULTS } from '../defaults';
import { refuse, requireRange } from '../private/validation';

/** Validates the props of a PrivateNetwork, before the VPC is created. */
export function validatePrivateNetworkProps(scope: Construct, id: string, props: PrivateNetworkProps): void {
  const path = `${scope.node.path}/${id}`;
  const { maxAzs, natGateways } = props;
  const zones = validateZones(path, scope, props);
  requireRange(path, 'natGateways', natGateways, 0, zones, { above: 'each Availability Zone needs at most one' });
  for (const [name, value] of Object.entries({ maxAzs, natGateways })) validateCount(path, name, value);
  validateAccounts(path, props.trustedAccounts ?? []);
}

/** Returns the number of Availability Zones. */
function validateZones(path: string, scope: Construct, { availabilityZones, maxAzs }: PrivateNetworkProps): number {
  if (availabilityZones && maxAzs !== undefined) refuse(path, "'maxAzs' must not be combined with 'availabilityZones', got both; remove one");
  const zones = availabilityZones?.length ?? maxAzs ?? DEFAULTS.PrivateNetwork.maxAzs.value;
  const prop = availabilityZones ? 'availabilityZones' : 'maxAzs';
  if (!Token.isUnresolved(availabilityZones)) {
    requireRange(path, prop, zones, VPC.zonesMin, VPC.zonesMax,
      { below: 'one zone is not highly available', above: 'every interface endpoint is billed for each zone' });
  }
  const known = Stack.of(scope).availabilityZones.length;
  if (!availabilityZones && !Token.isUnresolved(zones) && known < zones) {
    refuse(path, `'maxAzs' must be at most ${known} in a stack without a Region, got ${zones}; set 'env' on the stack`);
  }
  return zones;
}

function validateCount(path: string, prop: string, value: number | undefined): void {
  const isToken = Token.isUnresolved(value);
  if (value === undefined || (!isToken && Number.isInteger(value))) return;
  refuse(path, `'${prop}' must be a whole number that is known at synth, got ${isToken ? 'a token' : value}; `
    + 'it determines which resources are created');
}

function validateAccounts(path: string, accounts: readonly string[]): void {
  for (const account of accounts) {
    if (Token.isUnresolved(account) || /^\d{12}$/.test(account)) continue;
    refuse(path, `'trustedAccounts' must contain account IDs of 12 digits, got ${account}; remove dashes`);
  }
}
