import { createRequire } from 'node:module';

type Msw = typeof import('msw');

/** msw, an optional peer that is loaded when it is needed. Throws an Error that says what to install when it is not there. */
export function loadMsw(load: (name: 'msw') => Msw = createRequire(import.meta.url)): Msw {
  try {
    return load('msw');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
    if (!isMissing || !error.message.includes("'msw'")) throw error;
    throw new Error('mock: `kisHandlers` needs msw: npm install --save-dev msw', { cause: error });
  }
}
