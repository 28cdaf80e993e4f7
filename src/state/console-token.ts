/** So long that guessing is hopeless, and of characters that a header can carry. */
const TOKEN = /^[\x21-\x7e]{20,128}$/;

type Settings = Readonly<Record<string, string>>;

/** The token that opens the tenant's console; undefined: none is set, or not one that could be used. */
export function consoleTokenIn(settings: Settings): string | undefined {
  const token = settings['console-token']?.trim();
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** What is wrong with the token that is set, as a sentence for the customer. */
export function consoleTokenProblems(settings: Settings): readonly string[] {
  const isSet = (settings['console-token']?.trim() ?? '') !== '';
  return isSet && consoleTokenIn(settings) === undefined
    ? ['"Token of the console" must have 20 to 128 letters, digits and signs, without spaces.']
    : [];
}
