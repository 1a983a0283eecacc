export { CheckArticle, CheckProfile, CheckSeverity, ProductionChecks } from './production-checks';
export type { CheckExemption, ProductionChecksProps, SeverityChange } from './production-checks';
