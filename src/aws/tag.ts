/**
 * Limits of tags.
 *
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html#tag-conventions
 */
export const TAG = {
  keyMaxLength: 128,
  valueMaxLength: 256,
  /** The characters that every service allows. */
  characters: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
} as const;
