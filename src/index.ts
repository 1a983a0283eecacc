export * from './bundling';
export * from './failure';
export * from './function';
export * from './permission';
export * from './release';
