#!/usr/bin/env node
import { main } from '../build/runner/index.js';
await main();
