/** What the tests of the Hub stand on: a server, a folder that goes away, a connection that has no time to lose. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { connectHub, type HubConnection, type HubSnapshot, type RetryPolicy } from "gpic-lab/hub";
import { settingsFrom } from "gpic-lab/io";
import { HubServer, type ServedFile } from "./hub-server.js";

export const TOKEN = "hf_testTokenThatMustNotLeak";

/** Pauses of milliseconds, so that eight tries take no time. */
export const quick: Partial<RetryPolicy> = {
  firstPauseMilliseconds: 1,
  longestPauseMilliseconds: 4,
  longestRetryAfterMilliseconds: 5000,
  stallMilliseconds: 250,
};

export const dataset = { type: "dataset", name: "stanford-vision-lab/gpic" } as const;

export function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The variables that point everything at a server and a folder. */
export function environment(server: HubServer, folder: string): Record<string, string> {
  return {
    HF_ENDPOINT: server.endpoint,
    HF_HOME: join(folder, "hf"),
    HF_TOKEN: TOKEN,
    GPIC_LAB_CACHE: join(folder, "computed"),
  };
}

export interface Surroundings {
  readonly server: HubServer;
  readonly folder: string;
  readonly hub: HubConnection;
  readonly snapshot: HubSnapshot;
}

export async function surroundings(
  t: TestContext,
  files: readonly ServedFile[],
  retry: Partial<RetryPolicy> = {},
): Promise<Surroundings> {
  const folder = temporary(t);
  const server = await new HubServer(files).start();
  t.after(() => server.stop());
  const settings = settingsFrom(environment(server, folder), folder);
  const hub = await connectHub({ settings, retry: { ...quick, ...retry }, seed: 1 });
  const snapshot = { repository: dataset, revision: "main", commit: server.commit };
  return { server, folder, hub, snapshot };
}
