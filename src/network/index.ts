export { PrivateNetwork } from './private-network';
export type { PrivateNetworkProps } from './private-network-props';
