/** A time as a person reads it, in the time of the machine: `05:14:49` today, `21 Nov 05:14`, `2025-11-21 05:14`. */
export function readableTime(iso: string, now: number): string {
  const at = new Date(iso);
  const today = new Date(now);
  if (Number.isNaN(at.getTime())) return iso;
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === today.toDateString()) return `${clock}:${two(at.getSeconds())}`;
  if (at.getFullYear() === today.getFullYear()) return `${at.getDate()} ${MONTHS[at.getMonth()]} ${clock}`;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A span of milliseconds as a person says it, in its largest unit: `3 minutes`. */
export function readableSpan(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ] as const;
  for (const [unit, size] of units) {
    const count = Math.floor(ms / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'a moment';
}
