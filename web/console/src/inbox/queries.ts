import {
  type InfiniteData,
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { FormChoice, StaffMessage } from "../api/types";
import { newClientId } from "./clientId";
import { discard, EMPTY, enqueue, fail, merge, type Outgoing, retry, type Thread } from "./thread";
import type { RowsPage, View } from "./views";

/** How many messages a conversation opens with; the server's page. */
const WINDOW = 200;
const ROWS = 50;

function rowsQuery(view: View, q: string, queryKey: readonly unknown[]) {
  return infiniteQueryOptions<RowsPage, Error, InfiniteData<RowsPage, string | null>, readonly unknown[], string | null>({
    queryKey,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...view.query, limit: ROWS, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      const page = await unwrap(api.GET("/api/v1/conversations", { params: { query }, signal }));
      return { items: page.items, next_cursor: page.next_cursor ?? null };
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** A view's rows; the socket keeps them current. */
export function viewQuery(view: View) {
  return rowsQuery(view, "", keys.view(view.name));
}

/** A view's rows that match; read again rather than kept current. */
export function searchQuery(view: View, q: string) {
  return rowsQuery(view, q, keys.search(view.name, q));
}

export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/conversations/{conversation_id}", {
          params: { path: { conversation_id: id } },
          signal,
        }),
      ),
  });
}

async function readMessages(id: string, after: number, signal?: AbortSignal): Promise<StaffMessage[]> {
  const found: StaffMessage[] = [];
  for (let from: number | null = after; from !== null; ) {
    const page: { items: StaffMessage[]; next_cursor?: string | null } = await unwrap(
      api.GET("/api/v1/conversations/{conversation_id}/messages", {
        params: { path: { conversation_id: id }, query: { after: from } },
        ...(signal ? { signal } : {}),
      }),
    );
    found.push(...page.items);
    from = page.next_cursor ? Number(page.next_cursor) : null;
  }
  return found;
}

/** A conversation's messages: the newest window first, later reads only what is missing. */
export function useThreadOptions(id: string, newestSeq: number | undefined) {
  const client = useQueryClient();
  return queryOptions({
    queryKey: keys.thread(id),
    enabled: newestSeq !== undefined,
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<Thread>(keys.thread(id));
      const first = known?.messages[0]?.seq;
      const after = first === undefined ? Math.max(0, (newestSeq ?? 0) - WINDOW) : first - 1;
      const messages = await readMessages(id, after, signal);
      // What was typed while this was under way is in the cache by now.
      const current = client.getQueryData<Thread>(keys.thread(id)) ?? EMPTY;
      return { ...merge(current, messages), hasEarlier: after > 0 };
    },
  });
}

export function useEarlier(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const first = client.getQueryData<Thread>(keys.thread(id))?.messages[0]?.seq ?? 1;
      const after = Math.max(0, first - 1 - WINDOW);
      const page = await unwrap(
        api.GET("/api/v1/conversations/{conversation_id}/messages", {
          params: { path: { conversation_id: id }, query: { after } },
        }),
      );
      client.setQueryData<Thread>(keys.thread(id), (thread) => ({
        ...merge(thread ?? EMPTY, page.items),
        hasEarlier: after > 0,
      }));
    },
  });
}

/** Send at once in the eyes of the agent; the mark stays until the store has it. */
export function useSend(id: string) {
  const client = useQueryClient();
  const change = (apply: (thread: Thread) => Thread) =>
    client.setQueryData<Thread>(keys.thread(id), (thread) => apply(thread ?? EMPTY));

  async function deliver(outgoing: Pick<Outgoing, "clientId" | "text" | "note" | "form">): Promise<void> {
    const { clientId, text, note, form } = outgoing;
    try {
      const { message } = await unwrap(
        api.POST("/api/v1/conversations/{conversation_id}/messages", {
          params: { path: { conversation_id: id } },
          body: { client_id: clientId, text, note, ...(form ? { form_id: form.id } : {}) },
        }),
      );
      change((thread) => merge(thread, [message]));
    } catch (error) {
      change((thread) => fail(thread, clientId, reasonOf(error)));
    }
  }

  return {
    send(text: string, note: boolean, form: FormChoice | null = null): void {
      const outgoing = { clientId: newClientId(), text, note, form, at: new Date().toISOString() };
      change((thread) => enqueue(thread, outgoing));
      void deliver(outgoing);
    },
    retry(outgoing: Outgoing): void {
      change((thread) => retry(thread, outgoing.clientId));
      void deliver(outgoing);
    },
    discard(outgoing: Outgoing): void {
      change((thread) => discard(thread, outgoing.clientId));
    },
  };
}

