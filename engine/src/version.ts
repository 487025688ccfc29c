/** Of the whole product; the packages have the same. */
export const VERSION = '0.1.0';
