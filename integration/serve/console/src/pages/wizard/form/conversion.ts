// What becomes of a value on its way, by the kind of its trait. Nothing of it
// can be chosen: both sides are compared in this one form.
const conversions: Record<string, string> = {
  Text: 'goes over as it is, without blanks at either end',
  Textbox: 'HTML becomes plain text; what a person formatted in IT Glue is never overwritten',
  Select: 'the option’s name; a value from Rev.io must be one of the options',
  Number: 'digits with a decimal point, without needless zeros',
  Percent: 'the number without the percent sign',
  Date: 'becomes YYYY-MM-DD; a time of day is left out',
  Checkbox: 'becomes Yes or No',
  Tag: 'the names, joined by commas',
};

// conversionOf says what becomes of a trait's values; "" for a kind that never
// travels.
export const conversionOf = (kind: string): string => conversions[kind] ?? '';
