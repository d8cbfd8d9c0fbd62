/**
 * Wires of IViDR's second exposure model, from the features of users to rebuilt interactions: steps `instruments`, `iv` (which
 * learns what instruments explain), `treatments`, `interactions`, `rebuilt`.
 */
interface Logged<Log, Shape> {
  readonly train: Log;
  readonly shape: Shape;
}
interface Instrumented<Instruments> {
  readonly instruments: { readonly instruments: Instruments };
}

export const instrumentsOfUsers = <Log, Shape, Features>(
  up: Logged<Log, Shape> & { readonly userFeatures: Features },
) => ({ log: up.train, userFeatures: up.userFeatures, shape: up.shape });

export const explained = <Log, Shape, Validation, Instruments>(
  up: Logged<Log, Shape> & Instrumented<Instruments> & { readonly validation: Validation },
) => ({ train: up.train, shape: up.shape, validation: up.validation, instruments: up.instruments.instruments });

export const treated = <Shape, Model, Instruments>(
  up: Instrumented<Instruments> & { readonly iv: { readonly params: Model }; readonly shape: Shape },
) => ({ model: up.iv.params, instruments: up.instruments.instruments, shape: up.shape });

export const interacting = <Log, Shape, Treatments>(
  up: Logged<Log, Shape> & { readonly treatments: { readonly treatments: Treatments } },
) => ({ log: up.train, treatments: up.treatments.treatments, shape: up.shape });

export const rebuilt = <Log, Shape, HeldOut, Proxies, Vectors>(
  up: Logged<Log, Shape> & {
    readonly heldOut: { readonly rest: HeldOut };
    readonly userFeatures: Proxies;
    readonly interactions: { readonly vectors: Vectors };
  },
) => ({
  exposure: up.train,
  shape: up.shape,
  heldOut: up.heldOut.rest,
  proxies: up.userFeatures,
  vectors: up.interactions.vectors,
});

export const fused = <First, Second>(up: {
  readonly rebuilt: { readonly posterior: First };
  readonly exposure: { readonly posterior: Second };
}) => ({ first: up.rebuilt.posterior, second: up.exposure.posterior });
