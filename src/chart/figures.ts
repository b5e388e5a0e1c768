// Numbers as people read them.

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 41,200 */
export const count = (value: number): string => whole.format(value);

/** A fraction as 97.41 % */
export const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;

/** 0.41 s, 12.3 s, 1:21, 1:02:03 */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return clock(seconds);
}

/** 0:07, 1:21, 1:02:03 */
export function clock(seconds: number): string {
  const total = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const padded = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}

/** 12 B, 240 kB, 11.6 MB, 1.07 GB */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(0)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`;
}

/** Four digits that matter, and no exponent for what a loss usually is. */
export const loss = (value: number): string =>
  value >= 1e-3 && value < 1e4 ? value.toFixed(4) : value.toExponential(2);

/** 1 image, 2 images */
export const plural = (value: number, word: string): string => `${count(value)} ${word}${value === 1 ? '' : 's'}`;
