import { Files, node, Problem } from '../../core/index.ts';
import { Features, Ids } from '../ports.ts';

/** What the file must hold: answers 1..5 of the first users to seven questions. */
export const yahooR3SurveyCounts = { users: 5_400, questions: 7, levels: 5 };
const { users, questions, levels } = yahooR3SurveyCounts;
const path = 'yahoo/ydata-ymusic-rating-study-v1_0-survey-answers.txt';

/**
 * The survey of Yahoo! R3: how the 5,400 users of the uniform ratings say they choose what to rate. One-hot features, a field a
 * question: answer a (1..5) to question q (from 0) is feature 5 q + a - 1. Row n of the file is dense user n.
 *
 * @throws Problem bad-data for a line that is not seven answers, and for a file of another length; no digest is checked
 */
export const yahooR3Survey = node('datasets/yahoo-r3-survey', {
  doc: "Yahoo! R3's survey: seven answers of each of the 5,400 users with uniform ratings, one-hot.",
  source: 'Marlin and Zemel 2009 (RecSys); Yahoo! Webscope, licence required',
  in: {},
  out: { users: Features, userFeatures: Ids },
  use: { files: Files },
  reads: () => [{ name: 'answers', path }],
  run(_, __, { files }) {
    const lines = files.text('answers').trimEnd().split('\n');
    if (lines.length !== users)
      throw new Problem('bad-data', `the survey has ${lines.length} lines, and Yahoo! R3 has ${users}`, {
        where: path,
      });
    const feature = new Uint32Array(users * questions);
    lines.forEach((line, user) => {
      const answers = line.trim().split(/\s+/).map(Number);
      if (answers.length !== questions || answers.some((a) => !(Number.isInteger(a) && a >= 1 && a <= levels)))
        throw new Problem('bad-data', `'${line.trim().slice(0, 60)}' is not ${questions} answers from 1 to ${levels}`, {
          where: `${path}, line ${user + 1}`,
        });
      answers.forEach((answer, question) => {
        feature[user * questions + question] = question * levels + answer - 1;
      });
    });
    return {
      users: {
        row: Uint32Array.from(feature, (_f, n) => Math.floor(n / questions)),
        feature,
        value: new Float32Array(feature.length).fill(1),
      },
      userFeatures: {
        id: Array.from({ length: questions * levels }, (_f, n) => `q${Math.floor(n / levels) + 1}:${(n % levels) + 1}`),
      },
    };
  },
});
