import { durationText } from '../../src/private/duration-text';

test.each([
  [0, '0 seconds'], [0.05, '50 milliseconds'], [0.0005, '0.5 milliseconds'], [1, '1 second'], [1.5, '1.5 seconds'], [59, '59 seconds'],
  [60, '1 minute'], [90, '90 seconds'], [119, '119 seconds'], [120, '2 minutes'], [150, '2 minutes 30 seconds'], [900, '15 minutes'],
  [3_600, '1 hour'], [5_400, '1 hour 30 minutes'], [86_400, '1 day'], [90_061, '1 day 1 hour 1 minute 1 second'], [1_209_600, '14 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
