export * from './bundling';
export * from './entrance';
export * from './failure';
export * from './function';
export * from './idempotency';
export * from './observability';
export * from './permission';
export * from './release';
