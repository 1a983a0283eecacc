export { LeastPrivilegeRole } from './least-privilege-role';
export type { LeastPrivilegeRoleProps } from './least-privilege-role-props';
