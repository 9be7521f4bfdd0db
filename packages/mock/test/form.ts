/** Fields that may be negative, whatever the recorded one is: changes, rates and net amounts. */
const SIGNED = /vrss|ctrt|rate$|_xrat$|icdc|ntby|pgtr|stqt_icdc/;

/** What a value of this field looks like, told by one that KIS sent: kind, padding, decimals, sign, way to write a date. */
export function formOf(name: string, recorded: unknown): RegExp {
  if (typeof recorded !== 'string') return new RegExp(`^<${typeof recorded}>$`);
  const minus = recorded.startsWith('-') || SIGNED.test(name) ? '-?' : '';
  const number = recorded.replace(/^-/, '');
  const { length } = recorded;
  if (recorded === '') return /^/;
  if (/^(19|20)\d{6}$/.test(recorded) && /(date|dt|52d)$/.test(name)) return /^((19|20)\d{6})?$/;
  if (/^\d{6}$/.test(recorded) && /hour$/.test(name)) return /^([01]\d|2[0-3])[0-5]\d[0-5]\d$/;
  if (/^\d{4}\/\d\d\/\d\d$/.test(recorded)) return /^(\d{4}\/\d\d\/\d\d)?$/;
  if (/^\d{4}\/\d\d\/\d\d ~ \d{4}\/\d\d\/\d\d$/.test(recorded)) return /^\d{4}\/\d\d\/\d\d ~ \d{4}\/\d\d\/\d\d$/;
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(recorded)) return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
  if (/^ +\d+$/.test(recorded)) return new RegExp(`^(?=.{${length}}$) *\\d+$`);
  if (/^0\d+$/.test(recorded)) return new RegExp(`^[0-9A-Z]{${length}}$`);
  if (/^\d+$/.test(number)) return new RegExp(`^${minus}(0|[1-9]\\d*)$`);
  if (/^\d+\.\d+$/.test(number) && /_xrat$/.test(name)) return signedRate(number);
  if (/^ \d+\.\d+$/.test(recorded)) return signedRate(number);
  if (/^\d+\.\d+$/.test(number)) return new RegExp(`^(?!-0\\.?0*$)${minus}(0|[1-9]\\d*)\\.\\d{${decimalsOf(number)}}$`);
  if (/^[YN]$/.test(recorded)) return /^[YN]$/;
  if (/^\d{1,3}(,\d{3})+$/.test(recorded)) return /^\d{1,3}(,\d{3})*$/;
  if (/^[\d,]+ 억$/.test(recorded)) return /^\d{1,3}(,\d{3})* 억$/;
  if (/ {2,}$/.test(recorded)) return /\S {2,}$/;
  // A word or a code of letters and digits.
  return /^\S/;
}

/** Abroad a rate bears `+`, `-` or, when it is zero, a blank. */
function signedRate(number: string): RegExp {
  return new RegExp(`^([+-]\\d+\\.\\d{${decimalsOf(number)}}| 0\\.0+)$`);
}

function decimalsOf(number: string): number {
  return number.length - number.indexOf('.') - 1;
}

/** A value as `formOf` looks at it. */
export function written(value: unknown): string {
  return typeof value === 'string' ? value : `<${typeof value}>`;
}
