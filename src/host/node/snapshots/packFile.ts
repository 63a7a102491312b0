import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";

/**
 * A pack is a row of blocks. A block holds the contents of some files, compressed together:
 * magic, length of the body, count, then for each content its hash and length, a checksum of all that, and the body.
 * Blocks are only ever appended, by one process; what is torn stands at the end and is not read.
 */
const MAGIC = 0x50574231;
const FIXED_BYTES = 12;
const ITEM_BYTES = 36;
const CHECKSUM_BYTES = 8;
/** So much is read where a block begins: in nearly all cases its whole header. */
const READ_AHEAD = 64 * 1024;
/** Speed counts: a snapshot holds up the first command of a turn. */
const COMPRESSION = { level: 1 };

const deflate = promisify(deflateRaw) as (bytes: Uint8Array, options: object) => Promise<Buffer>;
const inflate = promisify(inflateRaw) as (bytes: Uint8Array) => Promise<Buffer>;

export interface Content {
  /** As `hashOf` makes it. */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** Where a content stands in its pack, in bytes. */
export interface Place {
  readonly hash: string;
  /** Of the compressed body. */
  readonly at: number;
  readonly bodyLength: number;
  /** In the body once it is inflated. */
  readonly start: number;
  readonly length: number;
}

export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}

export interface Block {
  readonly bytes: Buffer;
  /** Relative to where the block begins. */
  readonly places: readonly Place[];
}

export async function encodeBlock(contents: readonly Content[]): Promise<Block> {
  const body = await deflate(Buffer.concat(contents.map(({ bytes }) => bytes)), COMPRESSION);
  const header = Buffer.alloc(FIXED_BYTES + contents.length * ITEM_BYTES);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt32BE(body.length, 4);
  header.writeUInt32BE(contents.length, 8);
  const places: Place[] = [];
  const at = header.length + CHECKSUM_BYTES;
  let start = 0;
  for (const [index, { hash, bytes }] of contents.entries()) {
    const item = FIXED_BYTES + index * ITEM_BYTES;
    header.write(hash, item, "base64url");
    header.writeUInt32BE(bytes.length, item + 32);
    places.push({ hash, at, bodyLength: body.length, start, length: bytes.length });
    start += bytes.length;
  }
  return { bytes: Buffer.concat([header, checksum(header), body]), places };
}

function checksum(header: Buffer): Buffer {
  return createHash("sha256").update(header).digest().subarray(0, CHECKSUM_BYTES);
}

/** All contents of a pack, block by block, up to where it is whole. */
export async function* readPlaces(path: string): AsyncGenerator<readonly Place[]> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    for (let at = 0; at < size; ) {
      const places = await placesAt(handle, at);
      const first = places?.[0];
      if (!places || !first || first.at + first.bodyLength > size) return;
      yield places;
      at = first.at + first.bodyLength;
    }
  } finally {
    await handle.close();
  }
}

async function placesAt(handle: FileHandle, blockAt: number): Promise<Place[] | undefined> {
  let head = await readAt(handle, blockAt, READ_AHEAD);
  if (head.length < FIXED_BYTES || head.readUInt32BE(0) !== MAGIC) return undefined;
  const bodyLength = head.readUInt32BE(4);
  const count = head.readUInt32BE(8);
  const headerLength = FIXED_BYTES + count * ITEM_BYTES;
  const wanted = headerLength + CHECKSUM_BYTES;
  if (wanted > head.length) {
    if (wanted > (await handle.stat()).size - blockAt) return undefined;
    head = await readAt(handle, blockAt, wanted);
  }
  const header = head.subarray(0, headerLength);
  if (!checksum(header).equals(head.subarray(headerLength, wanted))) return undefined;
  const places: Place[] = [];
  let start = 0;
  for (let item = FIXED_BYTES; item < headerLength; item += ITEM_BYTES) {
    const hash = header.toString("base64url", item, item + 32);
    const length = header.readUInt32BE(item + 32);
    places.push({ hash, at: blockAt + wanted, bodyLength, start, length });
    start += length;
  }
  return places;
}

/** The inflated body of a block. Rejects when it is damaged beyond inflating. */
export async function readBody(path: string, { at, bodyLength }: Pick<Place, "at" | "bodyLength">): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    return await inflate(await readAt(handle, at, bodyLength));
  } finally {
    await handle.close();
  }
}

/** As many bytes as are there. */
async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let total = 0;
  while (total < length) {
    const { bytesRead } = await handle.read(bytes, total, length - total, at + total);
    if (bytesRead === 0) break;
    total += bytesRead;
  }
  return bytes.subarray(0, total);
}
