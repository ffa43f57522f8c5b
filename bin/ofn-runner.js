#!/usr/bin/env node
import '../build/runner/index.js';
