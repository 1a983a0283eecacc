/** The severity of a finding. */
export enum CheckSeverity {
  /** Synthesis fails. */
  ERROR = 'error',
  /** The finding is reported, and `cdk synth --strict` fails. */
  WARNING = 'warning',
  /** The finding is reported. */
  INFO = 'info',
  /** The rule is not evaluated. */
  OFF = 'off',
}
