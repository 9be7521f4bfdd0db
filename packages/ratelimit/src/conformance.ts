export { type ConformanceTest, type CreateLimiters, rateLimiterConformance } from './conformance/suite.ts';
