/** The variables that tell an install script's process where the project is, and which file takes what it looked at. */
export const WITNESS = { project: 'OFN_WITNESS_PROJECT', file: 'OFN_WITNESS_FILE' } as const;
