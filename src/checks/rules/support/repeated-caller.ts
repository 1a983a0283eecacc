import type { Caller } from '../../graph';

/** Whether a schedule sends the event again at the next time, so that a failure delays the work and loses no data. */
export function isRepeated({ kind, resource }: Caller): boolean {
  const isSchedule = /^(rate|cron)\(/.test(resource.string('ScheduleExpression') ?? '');
  return isSchedule && (kind === 'events' || kind === 'scheduler') && resource.lacks('EventPattern');
}
