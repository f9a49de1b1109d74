/**
 * As much of an assembler for WebAssembly as the inner loops of resizes and of matrix reductions need, so that they can
 * be read here as source.
 *
 * An instruction is a function from the code of its operands to its own code; names are those of WebAssembly's text
 * format with `_` for `.`. Source of the numbers: the WebAssembly core specification 2.0, binary format.
 */
/** Bytes of instructions. */
export type Code = readonly number[];

const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;

/** Unsigned LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128. */
function signed(value: number): Code {
  const rest = value >> 7;
  const isLast = (rest === 0 && (value & 0x40) === 0) || (rest === -1 && (value & 0x40) !== 0);
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(rest)];
}

type Instruction = (...operands: Code[]) => Code;

function instruction(...opcode: number[]): Instruction {
  return (...operands) => [...operands.flat(), ...opcode];
}

function simd(number: number, ...immediates: number[]): Instruction {
  return instruction(0xfd, ...unsigned(number), ...immediates);
}

/** Access to memory at the address of the first operand, as bytes without alignment. */
function access(opcode: Code, ...immediates: number[]): (offset: number, ...operands: Code[]) => Code {
  return (offset, ...operands) => [...operands.flat(), ...opcode, 0, ...unsigned(offset), ...immediates];
}

export const i32_const = (value: number): Code => [0x41, ...signed(value)];
export const i32_add: Instruction = instruction(0x6a);
export const i32_sub: Instruction = instruction(0x6b);
export const i32_shl: Instruction = instruction(0x74);
export const i32_lt_u: Instruction = instruction(0x49);
export const v128_load: (offset: number, ...operands: Code[]) => Code = access([0xfd, 0x00]);
export const v128_load64_splat: (offset: number, ...operands: Code[]) => Code = access([0xfd, 0x0a]);
export const v128_store: (offset: number, ...operands: Code[]) => Code = access([0xfd, 0x0b]);
export const f64x2_add: Instruction = simd(0xf0);
export const f64x2_sub: Instruction = simd(0xf1);
export const f64x2_mul: Instruction = simd(0xf2);
/** The first numbers of two pairs, and their second numbers. */
export const f64x2_firsts: Instruction = simd(0x0d, ...bytesFrom(0), ...bytesFrom(16));
export const f64x2_seconds: Instruction = simd(0x0d, ...bytesFrom(8), ...bytesFrom(24));
export const f64x2_zero: Code = [0xfd, 0x0c, ...Array<number>(16).fill(0)];

export const i32_mul: Instruction = instruction(0x6c);
export const i32_load: (offset: number, ...operands: Code[]) => Code = access([0x28]);
export const v128_load32_splat: (offset: number, ...operands: Code[]) => Code = access([0xfd, 0x09]);
export const v128_load32_zero: (offset: number, ...operands: Code[]) => Code = access([0xfd, 0x5c]);
export const v128_store32_first_lane: (offset: number, ...operands: Code[]) => Code = access([0xfd, 0x5a], 0);
export const i32x4_splat: Instruction = simd(0x11);
export const i32x4_add: Instruction = simd(0xae);
export const i32x4_mul: Instruction = simd(0xb5);
export const i32x4_shr_s: Instruction = simd(0xac);
export const i16x8_extend_low_i8x16_u: Instruction = simd(0x89);
export const i16x8_extend_high_i8x16_u: Instruction = simd(0x8a);
export const i32x4_extend_low_i16x8_u: Instruction = simd(0xa9);
export const i32x4_extend_high_i16x8_u: Instruction = simd(0xaa);
export const i16x8_narrow_i32x4_s: Instruction = simd(0x85);
export const i8x16_narrow_i16x8_u: Instruction = simd(0x66);

function bytesFrom(first: number): Code {
  return Array.from({ length: 8 }, (_, i) => first + i);
}

/** A parameter or a local of a function. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** Repeats its body as long as the condition holds after it. */
export function doWhile(body: Code, condition: Code): Code {
  return [0x03, VOID, ...body, ...condition, 0x0d, 0, 0x0b];
}

/** Repeats its body as long as the condition holds before it. */
export function whileDo(condition: Code, body: Code): Code {
  return [0x02, VOID, 0x03, VOID, ...condition, 0x45, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b];
}

/** A function of 32-bit numbers that returns nothing. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  /** The number of 32-bit and of vector locals, and its instructions. */
  readonly numbers: number;
  readonly vectors: number;
  readonly code: Code;
}

/** A function whose parameters and locals are called by name. */
export function defineFunction<Name extends string>(
  name: string,
  locals: { readonly parameters: Name[]; readonly numbers: Name[]; readonly vectors: Name[] },
  body: (locals: Readonly<Record<Name, Local>>) => Code,
): WasmFunction {
  const names = [...locals.parameters, ...locals.numbers, ...locals.vectors];
  const byName = Object.fromEntries(names.map((key, i) => [key, local(i)])) as Record<Name, Local>;
  return {
    name,
    parameters: locals.parameters.length,
    numbers: locals.numbers.length,
    vectors: locals.vectors.length,
    code: body(byName),
  };
}

/** A module of these functions that imports its memory as `env.memory`. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array {
  const types = functions.map(({ parameters }) => [0x60, ...vector(Array<Code>(parameters).fill([I32])), 0]);
  const names = functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]);
  return Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [[...text("env"), ...text("memory"), 2, 0, 1]]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(7, names),
    ...section(10, functions.map(functionCode)),
  );
}

function functionCode({ numbers, vectors, code: body }: WasmFunction): Code {
  const declared = vector([
    [...unsigned(numbers), I32],
    [...unsigned(vectors), V128],
  ]);
  const code = [...declared, ...body, 0x0b];
  return [...unsigned(code.length), ...code];
}

function local(index: number): Local {
  return { get: [0x20, ...unsigned(index)], set: (value) => [...value, 0x21, ...unsigned(index)] };
}

function section(id: number, items: readonly Code[]): Code {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): Code {
  return [...unsigned(value.length), ...new TextEncoder().encode(value)];
}
