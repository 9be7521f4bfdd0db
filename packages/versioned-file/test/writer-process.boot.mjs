import { register } from 'tsx/esm/api';

register();
await import('./writer-process.ts');
