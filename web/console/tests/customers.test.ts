import { describe, expect, it } from "vitest";
import { BLANK, patchOf } from "../src/customers/CustomerFields";
import { customerParams, narrowedBy, orderParams, readCustomers, readOrders } from "../src/customers/filters";

describe("what the list of customers is narrowed to", () => {
  it("keeps what is ours and drops the rest", () => {
    const raw = { q: "", country: "DE", having: "money", from: "2026-02-30x", to: "2026-03-01", sort: "password", x: "1" };
    expect(readCustomers(raw)).toEqual({ country: "DE", to: "2026-03-01" });
    expect(narrowedBy(readCustomers({ q: "anna", sort: "name", city: "Wien", having: "orders" }))).toBe(2);
  });

  it("has newest first as a sort only beside words", () => {
    expect(readCustomers({ sort: "-created_at" })).toEqual({});
    expect(readCustomers({ q: "anna", sort: "-created_at" })).toEqual({ q: "anna", sort: "-created_at" });
  });

  it("asks for whole days of the reader's own calendar", () => {
    const { created_from, created_to } = customerParams({ from: "2026-03-01", to: "2026-03-01" });
    expect(new Date(created_from ?? "").getHours()).toBe(0);
    expect(new Date(created_from ?? "").getDate()).toBe(1);
    expect(new Date(created_to ?? "").getDate()).toBe(2);
    expect(customerParams({ having: "no_orders" })).toEqual({ has_orders: false });
  });
});

describe("what the list of orders is narrowed to", () => {
  it("asks for one status, and not for the order that is looked at", () => {
    const search = readOrders({ status: "paid", order: "KF-1000000", sort: "total" });
    expect(search).toEqual({ status: "paid", order: "KF-1000000" });
    expect(orderParams(search)).toEqual({ status: ["paid"] });
    expect(readOrders({ status: "lost" })).toEqual({});
  });
});

describe("what is sent of a form", () => {
  it("empties what was cleared", () => {
    expect(patchOf({ name: " Ann ", email: "  " })).toEqual({ name: "Ann", email: null });
    expect(Object.values(patchOf(BLANK)).every((value) => value === null)).toBe(true);
  });
});
