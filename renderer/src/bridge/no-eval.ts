import { config } from 'zod';

// zod tries `new Function` while schemas are made, which the content security policy forbids and reports.
// This module is imported before any that makes a schema.
config({ jitless: true });
