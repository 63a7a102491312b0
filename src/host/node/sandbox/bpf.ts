/** One instruction of the kernel's classic packet filter. Jumps count the instructions that are left out. */
export interface Instruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly value: number;
}

const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_GREATER_OR_EQUAL = 0x35;
const JUMP_ANY_BIT = 0x45;
const AND = 0x54;
const RETURN = 0x06;

const BYTES = 8;
const ARGUMENTS_AT = 16;

export type Program = readonly Instruction[];

export const returns = (value: number): Program => [{ code: RETURN, ifTrue: 0, ifFalse: 0, value }];
/** The number of the system call. */
export const loadNumber: Program = [load(0)];
/** The processor that the caller speaks of. */
export const loadArchitecture: Program = [load(4)];

/** The low half of an argument: what the kernel looks at in flags, modes and kinds. */
export function loadArgument(index: number): Program {
  return [load(ARGUMENTS_AT + 8 * index)];
}

/** Keeps these bits alone of what was loaded. */
export function keepBits(value: number): Program {
  return [{ code: AND, ifTrue: 0, ifFalse: 0, value }];
}

export function whenEqual(value: number, then: Program): Program {
  return [{ code: JUMP_EQUAL, ifTrue: 0, ifFalse: then.length, value }, ...then];
}

export function unlessEqual(value: number, then: Program): Program {
  return [{ code: JUMP_EQUAL, ifTrue: then.length, ifFalse: 0, value }, ...then];
}

export function whenAtLeast(value: number, then: Program): Program {
  return [{ code: JUMP_GREATER_OR_EQUAL, ifTrue: 0, ifFalse: then.length, value }, ...then];
}

export function whenAnyBit(value: number, then: Program): Program {
  return [{ code: JUMP_ANY_BIT, ifTrue: 0, ifFalse: then.length, value }, ...then];
}

/** As the kernel reads it on a little-endian processor. */
export function assemble(program: Program): Uint8Array {
  const bytes = new Uint8Array(program.length * BYTES);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, ifTrue, ifFalse, value }] of program.entries()) {
    if (ifTrue > 255 || ifFalse > 255) throw new RangeError("A jump of the filter is too long.");
    view.setUint16(index * BYTES, code, true);
    view.setUint8(index * BYTES + 2, ifTrue);
    view.setUint8(index * BYTES + 3, ifFalse);
    view.setUint32(index * BYTES + 4, value, true);
  }
  return bytes;
}

function load(offset: number): Instruction {
  return { code: LOAD_WORD, ifTrue: 0, ifFalse: 0, value: offset };
}
