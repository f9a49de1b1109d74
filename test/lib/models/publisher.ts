/**
 * The publishers' addresses, answered by a server on the loopback: what is asked of an address in the manifest goes to
 * the store of the test's Hub over real HTTP, and an address that nobody serves is one without a name server's answer.
 */
import type { TestContext } from "node:test";
import { connectWeb, type ProcessIdentity, type RetryPolicy, type WebConnection } from "gpic-lab/hub";
import { HubServer, servedFile } from "../hub/hub-server.js";
import { quick, temporary } from "../hub/surroundings.js";
import type { MadeFile } from "./made-weights.js";

export interface Publisher {
  readonly server: HubServer;
  /** The cache's folder. */
  readonly cache: string;
  readonly connection: WebConnection;
  /** Serves these bytes at an address from now on. */
  publish(address: string, file: MadeFile): void;
  /** The address of a file as a mirror would have it. */
  mirror(file: MadeFile): string;
}

/** This process, as locks see it. */
const me: ProcessIdentity = {
  id: process.pid,
  isAlive(id) {
    try {
      return process.kill(id, 0);
    } catch {
      return false;
    }
  },
};

export async function publisher(t: TestContext, retry: Partial<RetryPolicy> = {}): Promise<Publisher> {
  const cache = temporary(t);
  const server = await new HubServer([]).start();
  t.after(() => server.stop());
  const routes = new Map<string, string>();
  const mirror = ({ bytes, sha256 }: MadeFile): string => {
    server.files.set(sha256, servedFile(sha256, bytes, true));
    return `${server.store}/${sha256}?signature=secret`;
  };
  const connection = connectWeb({
    retry: { ...quick, tries: 2, ...retry },
    seed: 1,
    process: me,
    fetch: (url, init) => {
      if (url.startsWith(server.store)) return fetch(url, init);
      const route = routes.get(url);
      const cause = Object.assign(new Error("no such host"), { code: "ENOTFOUND" });
      return route === undefined
        ? Promise.reject(new TypeError("fetch failed", { cause }))
        : fetch(route, init);
    },
  });
  const publish = (address: string, file: MadeFile) => void routes.set(address, mirror(file));
  return { server, cache, connection, publish, mirror };
}
