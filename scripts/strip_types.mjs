/** Jest's transformer: takes the types away exactly as Node does when it runs the program. */
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};
