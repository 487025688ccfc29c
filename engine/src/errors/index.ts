export { EngineError, isEngineError, type EngineErrorOptions, type ErrorDetail } from './engine-error.ts';
export { ERROR_CODES, type ErrorCode, isErrorCode } from './error-code.ts';
export { fromWire, toEngineError, toWire, type WireError } from './wire.ts';
export { httpStatusOf } from './http-status.ts';
export { EXIT_CODES, exitCodeOf } from './exit-code.ts';
