import { buildServer } from './build-server.ts';
import { buildPage, findWeb } from './page/build-page.ts';

// All that `node dist/main.js` needs beside its dependencies.
await buildPage(findWeb());
await buildServer('dist');
