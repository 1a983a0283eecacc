export { PrivateNetwork, type PrivateNetworkProps } from './private-network';
