import { witness } from '../buildpack/managers/witness/watch.ts';

// It is loaded before every program that an install starts; those that are not install scripts go on at once.
witness(process.env);
