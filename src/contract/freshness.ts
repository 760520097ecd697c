/** A table is late when its newest row is more than so many days older than the as-of day. */
export const lateAfterDays = 7;
