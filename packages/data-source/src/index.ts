export type { BuiltInOptions } from './built-in.ts';
export { createDataSource, type DataSourceOptions } from './data-source.ts';
export type { DataSource, Env, SourceDefinition } from './ports.ts';
