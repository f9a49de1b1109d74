/**
 * What comparing all pairs of a pool costs, on paper: operations, bytes and hours on GPUs, or at a rate that was measured.
 *
 * Assumed and not measured: the peak rates of the vendor's data sheet, and the share of them that is reached
 * (`utilisation`). Products are looked at where they are made; written out and read again, they would cost what
 * `unfusedHours` says.
 */

/** A processor as its vendor states it. */
export interface PlanDevice {
  readonly name: string;
  /** Operations a second by the type of numbers; a multiplication and an addition are two. */
  readonly operations: { readonly [type in PlanType]: number };
  readonly memoryBytes: number;
  /** Bytes a second of its own memory, and from the host. */
  readonly memoryRate: number;
  readonly hostRate: number;
}

/** Numbers that rows are compared in. */
export type PlanType = "int8" | "bfloat16" | "float32";

const BYTES: { readonly [type in PlanType]: number } = { int8: 1, bfloat16: 2, float32: 4 };

/**
 * NVIDIA H100 SXM by its data sheet: dense rates (half of the sparse ones that it prints); float32 outside of the tensor
 * cores; PCIe 5.0 x16 in one direction.
 */
export const H100: PlanDevice = {
  name: "H100 SXM",
  operations: { int8: 1.979e15, bfloat16: 9.895e14, float32: 6.7e13 },
  memoryBytes: 80e9,
  memoryRate: 3.35e12,
  hostRate: 64e9,
};

/** What is to be compared, and on what. */
export interface PlanOptions {
  readonly rows: number;
  /** Numbers of a row; 512 of SSCD. */
  readonly width?: number | undefined;
  readonly type?: PlanType | undefined;
  readonly device?: PlanDevice | undefined;
  readonly devices?: number | undefined;
  /** Share of the peak rate that is reached; default 0.5. */
  readonly utilisation?: number | undefined;
  /** Share of all pairs that is compared; 1, or what clusters leave (`RowClusters.share`). */
  readonly share?: number | undefined;
}

/** The cost. */
export interface JoinPlan {
  readonly pairs: number;
  /** 2 x width a pair. */
  readonly operations: number;
  /** Of all rows in the type that is compared. */
  readonly rowBytes: number;
  /** Whether a device holds all rows, with a tenth of its memory left for the rest. */
  readonly isResident: boolean;
  /** Bytes that each device reads from the host: its share of block pairs, or all rows once. */
  readonly hostBytes: number;
  readonly computeHours: number;
  readonly hostHours: number;
  /** The longer of the two: reading and computing overlap. */
  readonly hours: number;
  /** What writing every product (4 bytes) and reading it again would take beside. */
  readonly unfusedHours: number;
}

/**
 * Plans a join of all pairs, or of a share of them.
 * @throws RangeError where a number is not above 0, or a share above 1
 * @example joinPlan({ rows: 1e8, type: "int8" }).hours // 1.4: on one H100, at half of its peak rate
 */
export function joinPlan(options: PlanOptions): JoinPlan {
  const { rows, width = 512, type = "bfloat16", device = H100, devices = 1 } = options;
  const { utilisation = 0.5, share = 1 } = options;
  for (const [name, value, most] of [
    ["rows", rows, Number.MAX_SAFE_INTEGER],
    ["width", width, Number.MAX_SAFE_INTEGER],
    ["devices", devices, Number.MAX_SAFE_INTEGER],
    ["utilisation", utilisation, 1],
    ["share", share, 1],
  ] as const)
    if (!(value > 0 && value <= most))
      throw new RangeError(
        `Cannot plan a join: ${name} above 0${most === 1 ? ", at most 1," : ""} is needed, got ${value}`,
      );
  const pairs = ((rows * (rows - 1)) / 2) * share;
  const operations = 2 * width * pairs;
  const rowBytes = rows * width * BYTES[type];
  const room = 0.9 * device.memoryBytes;
  const isResident = rowBytes <= room;
  // a block fills half of the memory, and all rows after it stream past: (blocks + 1) / 2 of all rows
  const blocks = Math.ceil(rowBytes / (room / 2));
  const hostBytes = isResident ? rowBytes : (rowBytes * share * (blocks + 1)) / 2 / devices;
  const computeHours = operations / (device.operations[type] * utilisation * devices) / 3600;
  const hostHours = hostBytes / device.hostRate / 3600;
  return {
    ...{ pairs, operations, rowBytes, isResident, hostBytes, computeHours, hostHours },
    hours: Math.max(computeHours, hostHours),
    unfusedHours: (8 * pairs) / (device.memoryRate * devices) / 3600,
  };
}

/**
 * Hours for all pairs of some rows at a rate that was measured.
 * @param pairsPerSecond of a run on the machine at hand
 * @example joinHours(1e6, 4e8) // 0.35
 */
export function joinHours(rows: number, pairsPerSecond: number): number {
  if (!(rows > 0 && pairsPerSecond > 0))
    throw new RangeError(
      `Cannot plan a join: rows and a rate above 0 are needed, got ${rows} and ${pairsPerSecond}`,
    );
  return (rows * (rows - 1)) / 2 / pairsPerSecond / 3600;
}
