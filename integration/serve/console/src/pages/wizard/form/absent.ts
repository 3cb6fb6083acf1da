// What JSON Forms asks for and our forms never use, replaced at build time (see
// vite.config.ts): the date pickers, as no page has a date, and Ajv, which
// compiles with new Function, forbidden by the content security policy.

const none = () => null;

export const DatePicker = none;
export const DateTimePicker = none;
export const TimePicker = none;
export const LocalizationProvider = none;
export const AdapterDayjs = none;

export default class Absent {
  addFormat() {
    return this;
  }
  compile(): never {
    throw new Error('forms are checked by the server');
  }
}
