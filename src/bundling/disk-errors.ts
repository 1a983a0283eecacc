import { refuse } from '../private/validation';

const DISK_ERRORS = ['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG'];

/** Runs a function, and says what to do if the disk is full or cannot be written. */
export function withDiskErrors<T>(at: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !DISK_ERRORS.includes(code)) throw error;
    return refuse(at, `the disk must have space for the bundles, got '${message}'; free disk space, or set 'cacheDirectory' and the output folder of the app to another disk`);
  }
}
