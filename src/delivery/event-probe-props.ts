import type { ProbeSource } from './probe-source';

/**
 * Properties of an EventProbe.
 */
export interface EventProbeProps {
  /**
   * The event bus, topic, stream or table whose messages the probe collects.
   */
  readonly source: ProbeSource;
}
