/** The types that YAML 1.1 gives to a text without quotes. Dates stay text, as in CloudFormation. */
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INTEGER = /^[-+]?(?:0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT = new RegExp(`^(?:${[
  String.raw`[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?`,
  String.raw`\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?`,
  String.raw`[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*`,
].join('|')})$`);
const INFINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The value of a scalar without quotes and without a tag. */
export function plainValue(text: string): string | number | boolean | null {
  const first = text.charCodeAt(0);
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) return number(text);
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  return FALSE.test(text) ? false : text;
}

function number(text: string): string | number {
  if (INFINITE.test(text)) return text;
  const isInteger = INTEGER.test(text);
  if (!isInteger && !FLOAT.test(text)) return text;
  const [, sign, digits] = /^([-+]?)(.*)$/.exec(text.replaceAll('_', ''))!;
  const value = (sign === '-' ? -1 : 1) * (isInteger ? integer(digits) : float(digits));
  // the digits of a large number would change
  return Number.isNaN(value) || (isInteger && !Number.isSafeInteger(value)) ? text : value;
}

function integer(digits: string): number {
  if (/^0[bx]/.test(digits)) return Number(digits);
  return digits.includes(':') ? sexagesimal(digits) : parseInt(digits, digits.startsWith('0') ? 8 : 10);
}

function float(digits: string): number {
  return digits.includes(':') ? sexagesimal(digits) : Number(digits);
}

function sexagesimal(digits: string): number {
  return digits.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}
