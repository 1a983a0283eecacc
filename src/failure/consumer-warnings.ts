import { EVENT_FILTER } from '../aws';

/** A warning of a consumer: the end of its id, and its text. */
export interface ConsumerWarning {
  readonly id: string;
  readonly message: string;
}

export function manyFiltersWarnings(filters: { [key: string]: any }[] | undefined): ConsumerWarning[] {
  const count = filters?.length ?? 0;
  if (count <= EVENT_FILTER.patternsMax) return [];
  return [{
    id: 'manyFilters',
    message: `${count} filter patterns exceed the default quota of ${EVENT_FILTER.patternsMax}; `
      + 'combine some of them or request a quota increase first',
  }];
}
