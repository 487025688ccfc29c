const OCTAL = /^0*[0-7]{1,4}$/;
const CLAUSE = '[ugoa]*(?:[-+=][rwxXstugo]*)+';
const SYMBOLIC = new RegExp(`^${CLAUSE}(?:,${CLAUSE})*$`);

/** Octal up to 07777, or as chmod(1) has it: `u=rwX,go+r`. */
export function isFileMode(text: string): boolean {
  return OCTAL.test(text) || SYMBOLIC.test(text);
}
