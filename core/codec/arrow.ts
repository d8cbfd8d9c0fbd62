/** The codec's door. Import it dynamically: it loads apache-arrow, which a fully cached run never needs. */
export { decodeFrame, encodeFrame } from './frames.ts';
export { decodeTensors, encodeTensors } from './tensors.ts';
