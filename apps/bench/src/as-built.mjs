import { register } from 'node:module';

// Given to `--import`: what is measured is what users get.
register('./as-built-hooks.mjs', import.meta.url);
