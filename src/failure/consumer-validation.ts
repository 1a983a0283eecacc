import { EVENT_FILTER } from '../aws';
import { refuse, requireRange } from '../private/validation';

/** Throws an error if there are no filter patterns or more than Lambda supports. */
export function validateFilters(path: string, filters: { [key: string]: any }[] | undefined): void {
  const count = filters?.length;
  if (count === 0) {
    refuse(path, "'filters' must have at least 1 pattern, got an empty list; leave it out to process all events");
  }
  requireRange(path, 'filters', count, 1, EVENT_FILTER.patternsMaxRaised, 'patterns are alternatives: combine some of them');
}
