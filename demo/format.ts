// Numbers as people read them, in one way on the whole page.

const whole = new Intl.NumberFormat('en');
const decimal = (digits: number) =>
  new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const [tenths, hundredths, thousandths] = [decimal(1), decimal(2), decimal(3)];
const NONE = '–';

export const count = (value: number): string => whole.format(Math.round(value));

export const loss = (value: number | null | undefined): string =>
  value == null || !Number.isFinite(value) ? NONE : value < 1e4 ? thousandths.format(value) : value.toExponential(2);

/** A fraction as a percentage: 0.9744 → 97.4 %. */
export const percent = (value: number | null | undefined): string =>
  value != null && Number.isFinite(value) ? `${tenths.format(100 * value)} %` : NONE;

/** A plain number with so many digits after its point; zero has no sign. */
export const fixed = (value: number, digits = 4): string =>
  value
    .toFixed(digits)
    .replace(/^-(?=[0.]*$)/, '')
    .replace('-', '−');

export const megabytes = (bytes: number): string => `${tenths.format(bytes / 1e6)} MB`;

/** With three digits that matter. */
export const milliseconds = (value: number): string => Number(value.toPrecision(3)).toString();

export const seconds = (value: number): string => (value < 10 ? hundredths : tenths).format(value);

/** 75 → 1:15. */
export const clock = (value: number): string =>
  `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, '0')}`;
