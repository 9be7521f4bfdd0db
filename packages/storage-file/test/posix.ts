export { needPosix } from '../../versioned-file/test/posix.ts';
