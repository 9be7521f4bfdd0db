import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    // The first that know `light-dark()`.
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // Its policy allows neither `data:` nor anything inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
