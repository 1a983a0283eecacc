export { ProductionFunction } from './production-function';
export { type ProductionFunctionProps } from './production-function-props';
