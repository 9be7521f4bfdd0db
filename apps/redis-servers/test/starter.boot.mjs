import { register } from 'tsx/esm/api';

register();
const { startRedis } = await import('../src/index.ts');
console.log((await startRedis()).pid);
