/** What the socket tells, put into what the pages show. */
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { keys } from "../api/keys";
import type { ConversationDetail, ConversationView, StaffMessage } from "../api/types";
import { EMPTY, gapAfter, merge, type Thread } from "./thread";
import { place, type RowsPage, VIEWS } from "./views";

/** A message of any conversation; one that is not open here is read when it is opened. */
export function receiveMessage(client: QueryClient, id: string, message: StaffMessage): void {
  const isBeingRead = client.getQueryState(keys.thread(id))?.fetchStatus === "fetching";
  // The reading under way may have begun before this message: it adds to what is here.
  const before = client.getQueryData<Thread>(keys.thread(id)) ?? (isBeingRead ? EMPTY : null);
  if (!before) return;
  const after = merge(before, [message]);
  client.setQueryData<Thread>(keys.thread(id), after);
  if (gapAfter(after) !== null) void client.invalidateQueries({ queryKey: keys.thread(id) });
}

/** A conversation's row: into the views where it belongs now, out of those where it does not. */
export function receiveRow(client: QueryClient, row: ConversationView, myId: string): void {
  for (const view of VIEWS) {
    client.setQueryData<InfiniteData<RowsPage, string | null>>(keys.view(view.name), (data) =>
      data ? { ...data, pages: place(data.pages, row, view, myId) } : data,
    );
  }
  const known = client.getQueryData<ConversationDetail>(keys.conversation(row.id));
  if (!known) return;
  client.setQueryData<ConversationDetail>(keys.conversation(row.id), { ...known, ...row });
  const changedHands = known.owner.kind !== row.owner.kind || known.status !== row.status;
  const gotCustomer = known.customer?.id !== row.customer?.id;
  if (changedHands || gotCustomer) {
    // The brief and the history are not in the frame.
    void client.invalidateQueries({ queryKey: keys.conversation(row.id) });
  }
  if (row.customer) void client.invalidateQueries({ queryKey: keys.customer(row.customer.id) });
}
