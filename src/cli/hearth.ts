#!/usr/bin/env node
import { main } from './main-program.js';
import { systemShell } from './system-shell.js';

// A hub that failed to start must not linger because one of its parts still waits for something.
process.exit(await main(process.argv.slice(2), systemShell()));
