/** The benchmark: its rules, scores, the oracle ladder, leaderboards. */
export { BENCHMARK_RULES } from "./rules.js";
