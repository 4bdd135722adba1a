/** Two records side by side, field by field, and what makes them look like one person. */
import type { Comparison, DuplicateView, PairCustomer } from "../api/types";
import { dateOnly } from "../shared/time";

export interface Row {
  label: string;
  first: string;
  second: string;
  /** Both have it, and not the same. */
  differs: boolean;
  verified: [boolean, boolean];
}

/** "Hauptstr. 5, 10115 Berlin, DE" */
export function address(customer: PairCustomer): string {
  const town = [customer.postal_code, customer.city].filter(Boolean).join(" ");
  return [customer.street, town, customer.country].filter(Boolean).join(", ");
}

function counted(number: number, one: string, many: string): string {
  return number === 1 ? `1 ${one}` : `${number} ${many}`;
}

function belongings(customer: PairCustomer): string {
  return [
    counted(customer.orders, "order", "orders"),
    counted(customer.conversations, "chat", "chats"),
    counted(customer.tickets, "ticket", "tickets"),
  ].join(", ");
}

export function rowsOf({ first, second }: DuplicateView): Row[] {
  const row = (label: string, read: (one: PairCustomer) => string | null): Row => {
    const [mine, theirs] = [read(first) ?? "", read(second) ?? ""];
    const differs = Boolean(mine && theirs) && fold(mine) !== fold(theirs);
    return { label, first: mine, second: theirs, differs, verified: [false, false] };
  };
  const rows: Row[] = [
    row("Name", (one) => one.name),
    { ...row("E-mail", (one) => one.email), verified: [first.email_verified, second.email_verified] },
    { ...row("Phone", (one) => one.phone), verified: [first.phone_verified, second.phone_verified] },
    row("Address", address),
    row("Shop’s number", (one) => one.external_id),
    { ...row("Has", belongings), differs: false },
    { ...row("Customer since", (one) => dateOnly(new Date(one.created_at))), differs: false },
    { ...row("Last changed", (one) => dateOnly(new Date(one.updated_at))), differs: false },
  ];
  return rows.filter((one) => one.first || one.second);
}

function fold(text: string): string {
  return text.trim().toLocaleLowerCase();
}

const FIELDS: Record<Comparison["field"], string> = {
  given: "First name",
  family: "Last name",
  email: "E-mail",
  phone: "Phone",
  address: "Address",
};

const LEVELS: Record<string, string> = {
  same: "the same",
  swapped: "first and last name swapped",
  short_form: "a short form of the other",
  nearly_same: "the same but for a slip",
  similar: "similar",
  initial: "an initial that fits",
  same_user: "the same before the @",
  same_postcode: "the same postal code",
  same_town: "the same town",
  different: "different",
  shared_at_home: "not counted: first names have nothing in common, as in a family",
  missing: "missing on one side",
};

const RARE_BITS = 1.5;

export interface Reason {
  field: string;
  words: string;
  /** Doublings of the odds: above zero they speak for one person. */
  bits: number;
}

/** What was compared, the weightiest first. */
export function reasonsOf(pair: DuplicateView): Reason[] {
  return pair.reasons.comparisons
    .map(({ field, level, bits, rarity_bits }) => {
      const rarity = level !== "same" || Math.abs(rarity_bits) < RARE_BITS ? "" : rarity_bits > 0 ? ", and rare" : ", but common";
      return { field: FIELDS[field], words: `${LEVELS[level] ?? level}${rarity}`, bits: bits + rarity_bits };
    })
    .sort((one, other) => Math.abs(other.bits) - Math.abs(one.bits));
}

/** "99.97 %"; never "100 %", as no score is certainty. */
export function percent(score: number): string {
  const shown = Math.min(score, 0.9999) * 100;
  return `${shown >= 99 ? (Math.floor(shown * 100) / 100).toFixed(2) : shown.toFixed(0)} %`;
}
