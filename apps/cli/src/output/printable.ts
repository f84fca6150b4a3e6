/** Everything a terminal would obey instead of show, but for line ends and tabs. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text from elsewhere (a schema, a server) that cannot move the cursor, recolour or reorder what a person reads. */
export const printable = (text: string): string =>
  text.replace(control, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
