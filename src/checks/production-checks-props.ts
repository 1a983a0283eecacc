import type { CheckCategory } from './check-category';
import type { CheckSeverity } from './check-severity';

/** A severity of one rule that replaces the default. */
export interface SeverityChange {
  /** The id of the rule, such as `LP-F32`. */
  readonly rule: string;

  /** The severity of the rule in this app. */
  readonly severity: CheckSeverity;
}

/** A finding that is known and accepted. */
export interface CheckExemption {
  /** The id of the rule, such as `LP-H09`. */
  readonly rule: string;

  /** Why the rule does not apply. */
  readonly reason: string;

  /**
   * The construct path that the exemption applies to, including all constructs below it.
   *
   * @default - the whole app
   */
  readonly path?: string;
}

/** Options of ProductionChecks. */
export interface ProductionChecksProps {
  /**
   * The categories of rules to evaluate.
   *
   * @default - all categories
   */
  readonly categories?: CheckCategory[];

  /**
   * Rules with a severity other than the default, or switched off.
   *
   * @default - the severities in docs/RULES.md
   */
  readonly severities?: SeverityChange[];

  /**
   * Findings that are known and accepted, in addition to those acknowledged with `Validations.of(x).acknowledge()`.
   *
   * @default - none
   */
  readonly exemptions?: CheckExemption[];

  /**
   * The file of the readiness report, which each synthesis writes, whether it fails or not.
   *
   * The extension `.html` writes the page, and `.md`, `.json` and `.txt` write markdown, the data and text. A relative
   * path is relative to the cloud assembly.
   *
   * @default - no report is written
   */
  readonly reportFile?: string;
}
