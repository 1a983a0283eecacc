import type { Range } from './arithmetic';
import { exactly, range } from './arithmetic';
import { PRICES } from './prices';
import type { PriceName, Prices } from './prices';
import { DEFAULT_TRAFFIC } from './traffic';
import type { FunctionTraffic, Traffic } from './traffic';
import { UsageError } from '../../checks/cli/arguments';
import { readJsonObject } from '../../checks/cli/config-file';
import { isJson } from '../../checks/graph';
import type { Json } from '../../checks/graph';

const FIELDS: readonly (keyof FunctionTraffic)[] = ['requestsPerMonth', 'durationMillis', 'coldStartPercent', 'initMillis', 'logBytes'];
/** A month has no more requests, GB or bytes. */
const MOST = 1e15;
const MAXIMA: Partial<Record<keyof FunctionTraffic, number>> = { coldStartPercent: 100, durationMillis: 900_000 };

/** Reads the file of `--traffic`. A number may be a list of a lower and an upper bound. */
export function readTraffic(file: string): Traffic {
  const document = readJsonObject(file);
  requireKeys(file, document, ['default', 'functions', 'vpcGigabytesPerMonth', '$schema']);
  const { functions = {}, default: unset = {} } = document;
  if (!isJson(functions)) throw new UsageError(`'functions' of ${file} must be an object, got ${JSON.stringify(functions)}`);
  return {
    isStated: true,
    default: { ...DEFAULT_TRAFFIC.default, ...trafficIn(`'default' of ${file}`, unset) },
    functions: new Map(Object.entries(functions).map(([path, value]) => [path, trafficIn(`'functions.${path}' of ${file}`, value)])),
    vpcGigabytes: document.vpcGigabytesPerMonth === undefined
      ? DEFAULT_TRAFFIC.vpcGigabytes
      : rangeOf(`'vpcGigabytesPerMonth' of ${file}`, document.vpcGigabytesPerMonth),
  };
}

/** Reads the file of `--prices`: prices by name, which replace the prices of the table. */
export function readPrices(file: string): Prices {
  const document = readJsonObject(file);
  requireKeys(file, document, [...Object.keys(PRICES), '$schema']);
  const changed = Object.entries(document).filter(([name]) => name !== '$schema').map(([name, value]) => {
    const { min } = exactRange(`'${name}' of ${file}`, value);
    return [name, { ...PRICES[name as PriceName], value: min, source: file, compared: undefined }];
  });
  return { ...PRICES, ...Object.fromEntries(changed) };
}

function requireKeys(where: string, value: Json, allowed: readonly string[]): void {
  const unknown = Object.keys(value).find(key => !allowed.includes(key));
  if (unknown !== undefined) throw new UsageError(`${where} contains '${unknown}'; the keys are ${allowed.join(', ')}`);
}

function trafficIn(where: string, value: unknown): Partial<FunctionTraffic> {
  if (!isJson(value)) throw new UsageError(`${where} must be an object, got ${JSON.stringify(value)}`);
  requireKeys(where, value, FIELDS);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => (
    [key, rangeOf(`'${key}' in ${where}`, item, MAXIMA[key as keyof FunctionTraffic])])));
}

function rangeOf(where: string, value: unknown, max = MOST): Range {
  const bounds = Array.isArray(value) ? value : [value, value];
  const isBound = (bound: unknown): bound is number => typeof bound === 'number' && bound >= 0 && bound <= max;
  const [least, most] = bounds as unknown[];
  if (bounds.length !== 2 || !isBound(least) || !isBound(most) || least > most) {
    throw new UsageError(`${where} must be a number from 0 to ${max}, or a list of a lower and an upper bound, got ${JSON.stringify(value)}`);
  }
  return range(least, most);
}

function exactRange(where: string, value: unknown): Range {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return exactly(value);
  throw new UsageError(`${where} must be a price in US dollars, a number from 0 on, got ${JSON.stringify(value)}`);
}
