/** The variables that tell an install script's process where the app is, and which file takes what it looked at. */
export const WITNESS = { app: 'OFN_WITNESS_APP', file: 'OFN_WITNESS_FILE' } as const;
