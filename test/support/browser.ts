export { Browser } from '../../src/cli/demo/browser';
