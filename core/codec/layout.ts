/**
 * The frame of an Arrow IPC file: magic, schema message, one record batch whose buffers start at multiples of 64 bytes, end
 * marker, footer. The library's own writer aligns to 8 bytes and copies; here it only encodes the metadata, and the caller's
 * arrays are passed on as they are.
 */
import { type DataType, MessageHeader, MetadataVersion, type Schema } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { BufferRegion, FieldNode, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { Problem } from '../errors.ts';

/** Alignment of every buffer, from the start of the file. */
const alignment = 64;
const magic = new TextEncoder().encode('ARROW1');
const padded = (length: number, to: number): number => Math.ceil(length / to) * to;

/** One buffer of a record batch: pieces that follow each other without a gap. */
export type Body = readonly Uint8Array[];
const lengthOf = (body: Body): number => body.reduce((sum, piece) => sum + piece.byteLength, 0);

export interface FieldLength {
  readonly length: number;
}

/**
 * Lays out one record batch without nulls as a file.
 * @param nodes one entry a field in depth-first order
 * @param bodies the buffers in the order of the Arrow format; empty for a validity bitmap that is not needed
 * @returns pieces to be written one after the other; those of `bodies` are handed on, not copied
 */
export function layOut(
  schema: Schema,
  rows: number,
  nodes: readonly FieldLength[],
  bodies: readonly Body[],
): Uint8Array[] {
  const out: Uint8Array[] = [];
  let position = 0;
  const put = (piece: Uint8Array) => {
    if (piece.byteLength === 0) return;
    out.push(piece);
    position += piece.byteLength;
  };
  put(Uint8Array.of(...magic, 0, 0));
  put(message(Message.encode(Message.from(schema)), position, 8));

  const regions: BufferRegion[] = [];
  let bodyLength = 0;
  for (const body of bodies) {
    const length = lengthOf(body);
    regions.push(new BufferRegion(bodyLength, length));
    bodyLength += padded(length, alignment);
  }
  const batch = new RecordBatch(
    rows,
    nodes.map(({ length }) => new FieldNode(length, 0)),
    regions,
    null,
  );
  const head = message(Message.encode(Message.from(batch, bodyLength)), position, alignment);
  const block = new FileBlock(head.byteLength, bodyLength, position);
  put(head);
  for (const body of bodies) {
    for (const piece of body) put(piece);
    const length = lengthOf(body);
    put(new Uint8Array(padded(length, alignment) - length));
  }
  put(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0));
  const footer = Footer.encode(new Footer(schema, MetadataVersion.V5, [block], []));
  put(footer);
  put(int32(footer.byteLength));
  put(magic);
  return out;
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

/** Continuation marker, length and flatbuffer, padded so that what follows `position` starts at a multiple of `to`. */
function message(flatbuffer: Uint8Array, position: number, to: number): Uint8Array {
  const end = padded(position + 8 + flatbuffer.byteLength, to);
  const bytes = new Uint8Array(end - position);
  bytes.fill(255, 0, 4);
  bytes.set(int32(bytes.byteLength - 8), 4);
  bytes.set(flatbuffer, 8);
  return bytes;
}

/** What a file holds: its schema, and the buffers of its record batch as views of `bytes`. */
export interface Laid {
  readonly schema: Schema;
  readonly rows: number;
  /** The next field in depth-first order. */
  field(): { readonly length: number; readonly nulls: number };
  /** The next buffer. */
  buffer(): Uint8Array;
}

/** True when the bytes begin like an Arrow file. */
const looksLikeArrow = (bytes: Uint8Array): boolean => magic.every((byte, i) => bytes[i] === byte);

/**
 * Reads a file that `layOut` made; nothing is copied. The metadata are trusted once the frame of the file is whole: a store
 * has compared the bytes with their SHA-256 before they come here.
 * @throws Problem store-corrupt when the file is truncated or not ours
 */
export function readLayout(bytes: Uint8Array): Laid {
  const size = bytes.byteLength;
  if (!looksLikeArrow(bytes)) throw unreadable('it does not begin like an Arrow file');
  if (size < 32 || !looksLikeArrow(bytes.subarray(size - magic.length)))
    throw unreadable('it is cut off: the end marker of an Arrow file is missing');
  try {
    return openLayout(bytes);
  } catch (cause) {
    throw cause instanceof Problem ? cause : unreadable('its metadata cannot be decoded', cause);
  }
}

function openLayout(bytes: Uint8Array): Laid {
  const size = bytes.byteLength;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const footerLength = view.getInt32(size - 10, true);
  const footerStart = size - 10 - footerLength;
  if (footerLength <= 0 || footerStart < 8) throw unreadable('its footer has an impossible length');
  const footer = Footer.decode(bytes.subarray(footerStart, size - 10));
  if (footer.numRecordBatches !== 1 || footer.numDictionaries !== 0)
    throw unreadable(`it holds ${footer.numRecordBatches} record batches and ${footer.numDictionaries} dictionaries`);
  const block = footer.getRecordBatch(0) as FileBlock;
  const bodyStart = block.offset + block.metaDataLength;
  if (bodyStart + block.bodyLength > footerStart) throw unreadable('its record batch reaches beyond its end');
  const decoded = Message.decode(bytes.subarray(block.offset + 8, bodyStart));
  if (decoded.headerType !== MessageHeader.RecordBatch) throw unreadable('its footer does not point at a record batch');
  const batch = decoded.header() as unknown as RecordBatch;
  if (batch.compression !== null) throw unreadable('its buffers are compressed');
  const { nodes, buffers } = batch;
  let nextNode = 0;
  let nextBuffer = 0;
  return {
    schema: footer.schema,
    rows: batch.length,
    field: () => {
      const node = nodes[nextNode++];
      if (node === undefined) throw unreadable('it has fewer columns than its schema names');
      return { length: node.length, nulls: node.nullCount };
    },
    buffer: () => {
      const region = buffers[nextBuffer++];
      if (region === undefined) throw unreadable('it has fewer buffers than its schema asks for');
      if (region.offset < 0 || region.offset + region.length > block.bodyLength)
        throw unreadable('a buffer reaches beyond its record batch');
      return bytes.subarray(bodyStart + region.offset, bodyStart + region.offset + region.length);
    },
  };
}

export const unreadable = (why: string, cause?: unknown): Problem =>
  new Problem('store-corrupt', `these bytes are no table of a store: ${why}`, {
    hint: 'tables written by other tools come in as data: name the file with --on',
    ...(cause !== undefined && { cause }),
  });

export const typeText = (type: DataType): string => String(type);
