export { Access, type JwtAccessOptions, type LambdaAuthorizerAccessOptions } from './access';
export { Entrance, type FunctionUrlEntranceOptions, type LoadBalancerEntranceOptions, type RestApiEntranceOptions } from './entrance';
export type { EntranceAlarmOptions } from './entrance-alarms';
export type { EntranceDomain, MutualTls } from './entrance-domain';
export type { EntranceNeed } from './entrance-need';
export type { EntranceRoute, RouteValidation } from './entrance-route';
export { HttpEntrance } from './http-entrance';
export type { HttpEntranceProps } from './http-entrance-props';
export { type OpenApiOptions, Routes } from './routes';
