/** Tables 3 to 5: the weights of the two losses of gates, and what is lost without each part of MACR. */
import { type Claim, type Look, type PaperTable, said } from '../declaration.ts';
import { by, macrSeeds, routes, row, sections, selectionChoices } from './rows.ts';

/** HR@20 on 2,090 readers has this standard error at the level of these tables. */
const standardError = 0.0076;
const hr = (look: Look, section: string, label: string) => look.mean(section, label, 'HR@20');

/** Whether rows differ by more than noise; the paper prints differences that are smaller. */
const spreadClaim = (what: string, labels: readonly string[], claim: string): Claim => ({
  claim,
  judge: (look) => {
    const found = labels.flatMap((label) => {
      const mean = hr(look, 'test', label);
      return mean === undefined ? [] : [{ label, mean }];
    });
    if (found.length < 2) return { finding: 'cannot tell', because: `fewer than two values of ${what} were run` };
    const sorted = [...found].sort((a, b) => b.mean - a.mean);
    const [top, last] = [sorted[0], sorted.at(-1)] as [(typeof found)[0], (typeof found)[0]];
    const said2 = found.map(({ label, mean }) => `${label} ${said(mean)}`).join(', ');
    if (top.mean - last.mean < 2 * standardError)
      return { finding: 'cannot tell', because: `HR@20 is ${said2}: all within two standard errors (.015)` };
    return {
      finding: top.label === `${what} 1e-3` ? 'holds' : 'does not hold',
      because: `HR@20 is ${said2}; ${top.label} is best`,
    };
  },
});

const weights = ['1e-5', '1e-4', '1e-3', '1e-2'] as const;
const byWeight = (name: 'alpha' | 'beta', title: string, print: readonly string[]): PaperTable => ({
  title,
  seeds: macrSeeds.slice(0, 1),
  measuredTitle: 'README',
  sections: sections((route) =>
    weights.map((weight, at) =>
      row(
        `${name} ${weight}`,
        // the default is the entry of Table 2, which is run once
        by(route, 'macr-mf', weight === '1e-3' ? {} : { [`model.${name}`]: Number(weight) }),
        print[at],
      ),
    ),
  ),
  choices: [...selectionChoices, 'One seed, as in the paper; --seeds 1..3 gives more.'],
  claims: [
    spreadClaim(
      name,
      weights.map((weight) => `${name} ${weight}`),
      `${name} = 1e-3 is best`,
    ),
  ],
});

export const table3 = byWeight('alpha', 'Table 3: alpha, the weight of the loss of the item gate, on MACR_MF', [
  '.13256 .10369 .04521',
  '.13876 .10828 .04890',
  '.14019 .10902 .04953',
  '.13732 .10807 .04826',
]);
export const table4 = byWeight('beta', 'Table 4: beta, the weight of the loss of the user gate, on MACR_MF', [
  '.13902 .10826 .04879',
  '.13988 .10856 .04917',
  '.14019 .10902 .04953',
  '.13954 .10859 .04911',
]);

const ablations = [
  ['MACR_MF', 'macr-mf', '.14019 .10902 .04953'],
  ['without user branch', 'macr-mf-no-user-branch', '.13684 .10612 .04648'],
  ['without item branch', 'macr-mf-no-item-branch', '.11556 .08863 .03790'],
  ['without L_I', 'macr-mf-no-item-loss', '.12437 .09578 .04327'],
  ['without L_U', 'macr-mf-no-user-loss', '.13837 .10804 .04815'],
] as const;
/** As the paper has them, best first. */
const printedOrder = ['MACR_MF', 'without L_U', 'without user branch', 'without L_I', 'without item branch'];

export const table5: PaperTable = {
  title: 'Table 5: MACR_MF without one of its parts',
  seeds: macrSeeds,
  measuredTitle: 'README',
  sections: sections((route) => ablations.map(([label, pipeline, print]) => row(label, by(route, pipeline), print))),
  choices: [
    ...selectionChoices,
    'Without the item branch a constant moves nothing, and what is ranked is the match. Without L_I alpha is 0, without L_U beta is 0.',
  ],
  claims: routes.map(
    ({ name, short }): Claim => ({
      claim: `Every part helps: full > without L_U > without user branch > without L_I > without item branch (${short})`,
      judge: (look) => {
        const found = printedOrder.flatMap((label) => {
          const mean = hr(look, name, label);
          return mean === undefined ? [] : [{ label, mean }];
        });
        if (found.length < printedOrder.length)
          return { finding: 'cannot tell', because: `${printedOrder.length - found.length} of the five were not run` };
        const ours = [...found].sort((a, b) => b.mean - a.mean);
        const holds = ours.every(({ label }, at) => label === printedOrder[at]);
        return {
          finding: holds ? 'holds' : 'does not hold',
          because: `HR@20 is ${ours.map(({ label, mean }) => `${label} ${said(mean)}`).join(' > ')}; a standard error is .0076`,
        };
      },
    }),
  ),
};
