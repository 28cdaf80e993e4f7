import { fileURLToPath } from 'node:url';

/** How the app under test is started: the very command of the image, below the folder of the project. */
const APP_COMMAND = ['dist/main.js'];

/** The arguments of `node` for the app, with absolute paths, so that it runs in a folder of its own. */
export function appArguments(): readonly string[] {
  return APP_COMMAND.map((argument) =>
    argument.startsWith('-') ? argument : fileURLToPath(new URL(`../../${argument}`, import.meta.url)),
  );
}
