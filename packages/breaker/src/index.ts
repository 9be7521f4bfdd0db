export { createCircuitBreaker } from './circuit-breaker.ts';
export { CircuitOpenError } from './circuit-open-error.ts';
export type { CircuitBreakerOptions } from './options.ts';
export type { CircuitBreaker, CircuitEvent, CircuitState, CircuitStats, Clock } from './ports.ts';
