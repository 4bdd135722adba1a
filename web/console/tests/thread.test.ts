import { describe, expect, it } from "vitest";
import { discard, EMPTY, enqueue, entries, fail, gapAfter, lastSeq, merge, retry } from "../src/inbox/thread";
import { message } from "./made";

const outgoing = { clientId: "c-1", text: "Hello", note: false, form: null, at: "2026-03-01T10:00:00Z" };

describe("messages from the store", () => {
  it("stand by sequence number, each once, in whatever order they come", () => {
    const thread = merge(merge(EMPTY, [message(3), message(1)]), [message(2), message(3)]);
    expect(thread.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(lastSeq(thread)).toBe(3);
  });

  it("keep what was understood when an older frame arrives late", () => {
    const learnt = message(1, { nlu: { intent: "greet" }, actions: ["utter_greet"], latency_ms: 12 });
    const thread = merge(merge(EMPTY, [learnt]), [message(1)]);
    expect(thread.messages[0]).toMatchObject({ nlu: { intent: "greet" }, latency_ms: 12 });
  });

  it("take what was learnt later", () => {
    const thread = merge(merge(EMPTY, [message(1)]), [message(1, { nlu: { intent: "greet" } })]);
    expect(thread.messages[0]?.nlu).toEqual({ intent: "greet" });
  });

  it("show where one is missing", () => {
    expect(gapAfter(merge(EMPTY, [message(7), message(8)]))).toBeNull();
    expect(gapAfter(merge(EMPTY, [message(7), message(9)]))).toBe(7);
  });
});

describe("messages on their way", () => {
  it("stand last until they are confirmed, then once under the same key", () => {
    const sending = enqueue(merge(EMPTY, [message(1)]), outgoing);
    expect(entries(sending).at(-1)).toMatchObject({ kind: "outgoing", key: "c-1" });
    const confirmed = merge(sending, [message(2, { client_id: "c-1", author: "agent" })]);
    expect(confirmed.outbox).toEqual([]);
    expect(entries(confirmed).at(-1)).toMatchObject({ kind: "message", key: "c-1" });
  });

  it("fail with a reason, and lose it when tried again", () => {
    const failed = fail(enqueue(EMPTY, outgoing), "c-1", "No connection.");
    expect(failed.outbox[0]).toMatchObject({ state: "failed", reason: "No connection." });
    const again = retry(failed, "c-1").outbox[0];
    expect(again?.state).toBe("sending");
    expect(again).not.toHaveProperty("reason");
  });

  it("do not come back when a failure is told after the message arrived by the socket", () => {
    const arrived = merge(enqueue(EMPTY, outgoing), [message(1, { client_id: "c-1" })]);
    expect(fail(arrived, "c-1", "Too late").outbox).toEqual([]);
  });

  it("can be discarded one by one", () => {
    const two = enqueue(enqueue(EMPTY, outgoing), { ...outgoing, clientId: "c-2" });
    expect(discard(two, "c-1").outbox.map(({ clientId }) => clientId)).toEqual(["c-2"]);
  });
});

describe("what is drawn", () => {
  it("has a line where a day begins", () => {
    const thread = merge(EMPTY, [
      message(1, { sent_at: "2026-03-01T10:00:00" }),
      message(2, { sent_at: "2026-03-02T10:00:00" }),
    ]);
    expect(entries(thread).map(({ kind }) => kind)).toEqual(["day", "message", "day", "message"]);
  });

  it("marks who goes on speaking, but not after a pause, a note or another speaker", () => {
    const thread = merge(EMPTY, [
      message(1, { sent_at: "2026-03-01T10:00:00" }),
      message(2, { sent_at: "2026-03-01T10:01:00" }),
      message(3, { sent_at: "2026-03-01T10:20:00" }),
      message(4, { sent_at: "2026-03-01T10:20:10", visibility: "note" }),
      message(5, { sent_at: "2026-03-01T10:20:20", author: "bot" }),
    ]);
    const continues = entries(thread).flatMap((entry) =>
      entry.kind === "message" ? [entry.continues] : [],
    );
    expect(continues).toEqual([false, true, false, false, false]);
  });
});
