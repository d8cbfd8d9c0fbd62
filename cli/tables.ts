/** Tables for people: aligned columns without boxes, safe for wide characters; one for lists, one for metrics. */
export { type MetricTable, metricTable, type TableRow, type TableSummary } from './tables/metrics.ts';
export { type PlainTableOptions, plainTable } from './tables/plain.ts';
