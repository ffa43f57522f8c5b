#!/usr/bin/env node
import { main } from '../build/serve/index.js';

await main();
