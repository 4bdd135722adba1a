/** The inbox's views, and where a changed conversation belongs in each. */
import type { ConversationView } from "../api/types";
import type { IconName } from "../shared/Icon";

export type ViewName = "waiting" | "mine" | "open" | "bot" | "resolved";

export interface View {
  name: ViewName;
  label: string;
  icon: IconName;
  empty: string;
  query: {
    status: "open" | "resolved";
    owner?: "bot" | "queue" | "me";
    sort: "newest" | "waiting";
  };
}

export const VIEWS: readonly View[] = [
  {
    name: "waiting",
    label: "Waiting",
    icon: "clock",
    empty: "Conversations that the bot hands over wait here, the longest wait first.",
    query: { status: "open", owner: "queue", sort: "waiting" },
  },
  {
    name: "mine",
    label: "Mine",
    icon: "person",
    empty: "Conversations that you claim are kept here until you resolve them.",
    query: { status: "open", owner: "me", sort: "newest" },
  },
  {
    name: "open",
    label: "All open",
    icon: "inbox",
    empty: "Every conversation that is going on shows here, whoever answers it.",
    query: { status: "open", sort: "newest" },
  },
  {
    name: "bot",
    label: "Bot",
    icon: "bot",
    empty: "Conversations that the bot answers by itself show here.",
    query: { status: "open", owner: "bot", sort: "newest" },
  },
  {
    name: "resolved",
    label: "Resolved",
    icon: "check",
    empty: "Settled conversations show here. A new message opens one again.",
    query: { status: "resolved", sort: "newest" },
  },
];

export function viewOf(name: string): View {
  return VIEWS.find((view) => view.name === name) ?? VIEWS[0]!;
}

export interface RowsPage {
  items: ConversationView[];
  next_cursor: string | null;
}

export function belongs(row: ConversationView, view: View, myId: string): boolean {
  const { status, owner } = view.query;
  if (row.status !== status) return false;
  if (owner === "me") return row.owner.kind === "agent" && row.owner.user?.id === myId;
  return owner === undefined || row.owner.kind === owner;
}

/** Negative when `one` stands above `other`; by identifier when nothing else decides. */
export function compare(one: ConversationView, other: ConversationView, view: View): number {
  const order =
    view.query.sort === "waiting"
      ? time(one.queued_at ?? one.created_at) - time(other.queued_at ?? other.created_at)
      : time(other.last_message_at) - time(one.last_message_at);
  return order || (one.id < other.id ? 1 : -1);
}

function time(at: string): number {
  return new Date(at).getTime();
}

/**
 * Put a changed conversation where it now belongs in a view's loaded pages, or take it out.
 *
 * A row that sorts behind everything loaded is left to the page that will bring it.
 */
export function place(
  pages: readonly RowsPage[],
  row: ConversationView,
  view: View,
  myId: string,
): RowsPage[] {
  const without = pages.map((page) => {
    const items = page.items.filter((item) => item.id !== row.id);
    return items.length === page.items.length ? page : { ...page, items };
  });
  if (!belongs(row, view, myId) || without.length === 0) return without;
  for (const [index, page] of without.entries()) {
    const isLast = index === without.length - 1;
    const position = page.items.findIndex((item) => compare(row, item, view) < 0);
    if (position === -1 && !(isLast && page.next_cursor === null)) continue;
    const items = [...page.items];
    items.splice(position === -1 ? items.length : position, 0, row);
    return without.map((each, at) => (at === index ? { ...each, items } : each));
  }
  return without;
}

/** "7", or "50+" when there are more than are loaded. */
export function countOf(pages: readonly RowsPage[] | undefined): string {
  if (!pages) return "";
  const loaded = pages.reduce((sum, page) => sum + page.items.length, 0);
  return pages.at(-1)?.next_cursor ? `${loaded}+` : String(loaded);
}
