export { tempDirectory } from '../../versioned-file/test/temp-directory.ts';
