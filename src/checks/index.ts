export { CheckCategory } from './check-category';
export { CheckSeverity } from './check-severity';
export { ProductionChecks } from './production-checks';
export type { CheckExemption, ProductionChecksProps, SeverityChange } from './production-checks-props';
