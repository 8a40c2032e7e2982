#!/usr/bin/env node
import { main } from './main-program.js';
import { systemShell } from './system-shell.js';

process.exitCode = await main(process.argv.slice(2), systemShell());
