/** A kernel with the fake session: node fake-kernel.js CONNECTION_FILE */
import { runKernel } from "../../../kernel-extensions/jupyter/kernel.js";
import { FakeSession } from "./fake-session.js";

const delay = Number(process.env.FAKE_LOAD_MILLISECONDS ?? 0);
await runKernel(process.argv[2]!, async () => {
  await new Promise((resolve) => setTimeout(resolve, delay));
  return new FakeSession();
});
