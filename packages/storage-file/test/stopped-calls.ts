export {
  failNewFiles,
  fsError,
  replace,
  runBefore,
  skipPauses,
  stopNext,
} from '../../versioned-file/test/stopped-calls.ts';
