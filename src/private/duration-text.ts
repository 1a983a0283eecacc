const UNITS = [[86_400, 'day'], [3_600, 'hour'], [60, 'minute'], [1, 'second']] as const;
/** Below this, seconds are easier to read than minutes and seconds, except for a whole minute. */
const SECONDS_BELOW = 120;

/** A duration as people write it: 15 minutes, 1 hour 30 minutes, 90 seconds, 500 milliseconds. Every message and description uses it. */
export function durationText(seconds: number): string {
  if (seconds > 0 && seconds < 1) return count(Math.round(seconds * 1_000_000) / 1_000, 'millisecond');
  if (seconds !== 60 && seconds < SECONDS_BELOW || !Number.isInteger(seconds)) return count(Math.round(seconds * 1_000) / 1_000, 'second');
  let rest = seconds;
  return UNITS.flatMap(([size, unit]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount === 0 ? [] : [count(amount, unit)];
  }).join(' ');
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
