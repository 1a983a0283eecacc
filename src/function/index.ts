export { ProductionFunction, type ProductionFunctionProps } from './production-function';
