import { yahooR3, yahooR3Counts } from '../yahoo-r3.ts';
import { yahooR3Survey, yahooR3SurveyCounts } from '../yahoo-r3-survey.ts';
import { datasetEntry } from './entry.ts';

export const yahooSurveyedEntry = datasetEntry({
  name: 'yahoo-surveyed',
  title: 'Yahoo! R3 with the survey of the 5,400 users that were asked',
  source: 'Marlin and Zemel 2009, Collaborative Prediction and Ranking with Non-Random Missing Data (RecSys)',
  licence: 'for research under the Webscope agreement, which each user signs; no redistribution',
  page: 'https://webscope.sandbox.yahoo.com/catalog.php?datatype=r',
  archive: null,
  byHand: 'ask for R3 at the page, and put the two rating files and the survey answers into yahoo/',
  counts: { ...yahooR3Counts, surveyed: yahooR3SurveyCounts.users, questions: yahooR3SurveyCounts.questions },
  nodes: [yahooR3, yahooR3Survey],
});
