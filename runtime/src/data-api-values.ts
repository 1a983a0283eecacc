import type { ColumnMetadata, ExecuteStatementCommandOutput, Field, SqlParameter } from '@aws-sdk/client-rds-data';

/** A value that is sent as JSON. */
export class Json {
  constructor(public readonly value: unknown) {}
}

/** The value of a parameter. A `bigint` and a `Date` are sent as text with the type that the database needs. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array | Json;

/** The values of the named parameters of a statement. */
export type SqlValues = Record<string, SqlValue>;

/** Named parameters, as the Data API reads them. */
export function parametersOf(values: SqlValues): SqlParameter[] {
  return Object.entries(values).map(([name, value]) => ({ name, ...valueOf(value) }));
}

/** The rows of a result, by the labels of their columns. */
export function rowsOf({ records = [], columnMetadata = [] }: Pick<ExecuteStatementCommandOutput, 'records' | 'columnMetadata'>): object[] {
  return records.map(record => Object.fromEntries(record.map((field, i) => [labelOf(columnMetadata[i], i), fieldOf(field, columnMetadata[i])])));
}

function labelOf(column: ColumnMetadata | undefined, i: number): string {
  return column?.label ?? column?.name ?? `${i}`;
}

/** A field without a value is null, as the drivers of PostgreSQL and MySQL send it. */
function valueOf(value: SqlValue | undefined): Omit<SqlParameter, 'name'> {
  if (value === null || value === undefined) return { value: { isNull: true } };
  if (typeof value === 'string') return { value: { stringValue: value } };
  if (typeof value === 'boolean') return { value: { booleanValue: value } };
  if (typeof value === 'number') return { value: Number.isSafeInteger(value) ? { longValue: value } : { doubleValue: value } };
  if (typeof value === 'bigint') return { value: { stringValue: `${value}` }, typeHint: 'DECIMAL' };
  if (value instanceof Date) return { value: { stringValue: value.toISOString().replace('T', ' ').replace('Z', '') }, typeHint: 'TIMESTAMP' };
  if (value instanceof Json) return { value: { stringValue: JSON.stringify(value.value) }, typeHint: 'JSON' };
  return { value: { blobValue: value } };
}

function fieldOf(field: Field, column?: ColumnMetadata): unknown {
  if (field.isNull) return null;
  if (field.arrayValue) {
    const { stringValues, longValues, doubleValues, booleanValues } = field.arrayValue;
    return stringValues ?? longValues ?? doubleValues ?? booleanValues ?? [];
  }
  const value = field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? field.blobValue;
  return typeof value === 'string' && /^jsonb?$/i.test(column?.typeName ?? '') ? JSON.parse(value) : value;
}
