import assert from "node:assert/strict";
import { test } from "node:test";
import { compose } from "../../../kernel-extensions/jupyter/message.js";
import { decode, encode, Signer } from "../../../kernel-extensions/jupyter/wire.js";

const header = { msg_id: "1", msg_type: "kernel_info_request" };

function frames(signer: Signer, identities: readonly string[] = []): Buffer[] {
  const parts = compose("session", header.msg_type, undefined, { code: "\u{1f600}" });
  return encode(signer, identities, parts).map((frame) => Buffer.from(frame));
}

test("a signature is the HMAC-SHA256 of the parts one after the other", () => {
  // RFC 4231, test case 2, its data cut into parts
  assert.equal(
    new Signer("Jefe").sign(["what do ya ", "want ", Buffer.from("for nothing"), "?"]),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

test("what is encoded is decoded, with all its identities", () => {
  const request = decode(new Signer("key"), frames(new Signer("key"), ["one", "two"]));
  assert.deepEqual(request?.identities.map(String), ["one", "two"]);
  assert.deepEqual(request?.content, { code: "\u{1f600}" });
  assert.equal(request?.header.msg_type, header.msg_type);
});

test("a change of any byte of any part is refused", () => {
  const signer = new Signer("key");
  const good = frames(new Signer("key"));
  for (let frame = 1; frame < good.length; frame++) {
    for (let at = 0; at < good[frame]!.length; at++) {
      const changed = good.map((bytes) => Buffer.from(bytes));
      changed[frame]![at]! ^= 1;
      assert.equal(decode(signer, changed), undefined);
    }
  }
  assert.notEqual(decode(signer, good), undefined);
});

test("a message is accepted once, and under its own key alone", () => {
  const signer = new Signer("key");
  const message = frames(new Signer("key"));
  assert.equal(decode(new Signer("other"), message), undefined);
  assert.notEqual(decode(signer, message), undefined);
  assert.equal(decode(signer, message), undefined);
});

test("any number of missing frames is refused", () => {
  const whole = frames(new Signer("key"), ["identity"]);
  for (let length = 0; length < whole.length; length++)
    assert.equal(decode(new Signer("key"), whole.slice(0, length)), undefined);
});
