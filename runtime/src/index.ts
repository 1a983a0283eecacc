export { Deadline, OutOfTimeError } from './deadline';
export { type ErrorAnswer, errorAnswer, type ErrorBody, type ErrorRule, hasErrorAnswer, withErrorAnswers } from './error-answer';
export { currentInvocation, type Invocation, runInvocation } from './invocation';
export { isObserved, type LambdaHandler, observed, type ObservedOptions, type StreamingHandler } from './observed';
export { logger, metrics, tracer } from './powertools';
export { type Close, onShutdown, type ShutdownOptions } from './shutdown';
export { required, requiredNumber } from './variables';
