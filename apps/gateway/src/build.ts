import { buildServer } from './build-server.ts';
import { buildPage, findWeb } from './page/build-page.ts';

// All that `node dist/main.js` needs beside its dependencies; with `server` for an argument, without the page.
if (process.argv[2] !== 'server') await buildPage(findWeb());
await buildServer('dist');
