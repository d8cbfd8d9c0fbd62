/** How many levels the fields of user features have, by data set. */

/** Seven questions of the survey, five answers each. */
export const yahooFields: number[] = Array.from({ length: 7 }, () => 5);
/**
 * The sizes that the code of iDCF names, without the four columns that its preparation drops. Data whose columns have other
 * levels are refused where the fields are read.
 */
export const kuairandFields: number[] = [9, 2, 2, 8, 9, 7, 8, 2, 7, 50, 3, 7, 5, 4];
