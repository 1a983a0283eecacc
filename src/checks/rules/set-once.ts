/** Where a setting that many functions lack is set once, by rule. */
export const SET_ONCE: Readonly<Record<string, string>> = {
  'LP-F01': withGlobals('Timeout'),
  'LP-F04': withGlobals('MemorySize'),
  'LP-F05': withGlobals('MemorySize'),
  'LP-F09': withGlobals('Architectures', 'ProductionDefaults with the option architecture'),
  'LP-F12': withGlobals('LoggingConfig'),
  'LP-F13': withGlobals('LoggingConfig'),
  'LP-F23': withGlobals('EventInvokeConfig'),
  'LP-F86': withGlobals('Tracing'),
};

function withGlobals(property: string, defaults = 'ProductionDefaults'): string {
  const inSam = `Globals.Function.${property} for every function of a SAM template`;
  return `${defaults} sets it for every function of a CDK app, ${inSam}`;
}
