#!/usr/bin/env node
import '../dist/longshore.js';
