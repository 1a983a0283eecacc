export { LeastPrivilegeRole, type LeastPrivilegeRoleProps } from './least-privilege-role';
