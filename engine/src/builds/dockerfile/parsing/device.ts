import { Reason } from '../problems/reason.ts';
import type { DeviceRequest } from '../syntax/words.ts';
import { commaFields } from './comma-fields.ts';
import { parseTruth } from './truth.ts';

/** `--device=vendor.com/class=name,required`. The first field that is no option is the name. */
export function parseDevice(text: string): DeviceRequest {
  let name: string | null = null;
  let required = false;
  for (const field of commaFields(text)) {
    const equals = field.indexOf('=');
    const key = (equals === -1 ? field : field.slice(0, equals)).toLowerCase();
    const value = equals === -1 ? null : field.slice(equals + 1);
    if (key === 'required') required = value === null || parseTruth(key, value);
    else if (name !== null) throw new Reason(`--device has no option "${field}".`, 'It is NAME[,required].');
    else name = key === 'name' && value !== null ? value : field;
  }
  if (name === null || name === '') throw new Reason('--device names no device.', 'It is NAME[,required].');
  return { name, required };
}
