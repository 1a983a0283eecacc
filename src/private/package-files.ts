/** The files of a deployment package: a folder, an archive, or a package that is about to be written. */
export interface PackageFiles {
  /** The paths of all files, with forward slashes. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** The content of a file, or at least its first bytes if a number is given. */
  read(name: string, bytes?: number): Buffer;
  /** Whether a file may be executed; undefined if the file system does not say. */
  isExecutable(name: string): boolean | undefined;
}
