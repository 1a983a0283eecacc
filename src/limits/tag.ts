/** @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html#tag-conventions */
export const TAG = {
  keyMaxLength: 128,
  valueMaxLength: 256,
  /** What every service that takes tags takes in them. */
  characters: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
} as const;
