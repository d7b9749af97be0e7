export { answering, base, call, whenSignedOut } from './client.js';
export { FaultError, type FieldFault, faultFrom, faultText } from './fault.js';
export type { Input, Op, Output, Pending } from './operations.js';
export type { components } from './schema.js';
