export { type ConformanceTest, type CreateStorage, tokenStorageConformance } from './conformance/suite.ts';
