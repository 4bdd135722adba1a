import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import { meQuery, useMe } from "../auth/session";
import { receiveMessage, receiveRow } from "../inbox/cache";
import { receiveTicket } from "../tickets/cache";
import type { Frame } from "./frames";
import { type LiveState, StaffSocket } from "./socket";
import { LiveStore } from "./store";

const TYPING_EVERY_MS = 2_000;

interface Live {
  store: LiveStore;
  /** Tell the customer that somebody types; call it on every key. */
  typing: (conversationId: string) => void;
}

const LiveContext = createContext<Live | null>(null);

/** One socket for the whole console, as long as somebody is logged in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const me = useMe();
  const store = useRef<LiveStore>(null);
  store.current ??= new LiveStore();
  const socket = useRef<StaffSocket | null>(null);

  useEffect(() => {
    const live = store.current!;
    const onFrame = (frame: Frame) => {
      if (frame.type === "message") {
        receiveMessage(client, frame.conversationId, frame.message);
        if (frame.message.author === "customer") live.setTyping(frame.conversationId, false);
      } else if (frame.type === "queue") {
        receiveRow(client, frame.row, me.id);
      } else if (frame.type === "ticket") {
        receiveTicket(client, frame.ticket, frame.event);
      } else if (frame.type === "typing") {
        if (frame.author === "customer") live.setTyping(frame.conversationId, frame.on);
      } else {
        live.setPresence(frame.staff, frame.customers, frame.online);
      }
    };
    const connection = new StaffSocket({
      ticket: async () => {
        try {
          return (await unwrap(api.POST("/api/v1/staff/ws-ticket"))).ticket;
        } catch (error) {
          // Asked anew, an ended session leads to the log-in like any other answer that says so.
          void client.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => undefined);
          throw error;
        }
      },
      onFrame,
      onState: (state) => live.setState(state),
      onReturn: () => {
        for (const queryKey of [keys.views, keys.searches, keys.conversations, keys.threads, keys.allTickets]) {
          void client.invalidateQueries({ queryKey });
        }
      },
    });
    socket.current = connection;
    connection.start();
    return () => connection.stop();
  }, [client, me.id]);

  const live = useMemo<Live>(() => {
    let sentAt = 0;
    let sentTo = "";
    return {
      store: store.current!,
      typing: (conversationId) => {
        const now = Date.now();
        if (conversationId === sentTo && now - sentAt < TYPING_EVERY_MS) return;
        sentAt = now;
        sentTo = conversationId;
        socket.current?.send({ type: "typing", conversation_id: conversationId });
      },
    };
  }, []);

  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive outside of LiveProvider");
  return live;
}

export function useLiveState(): LiveState {
  const { store } = useLive();
  return useSyncExternalStore(store.subscribe, () => store.read().state);
}

export function useCustomerTyping(conversationId: string): boolean {
  const { store } = useLive();
  return useSyncExternalStore(store.subscribe, () => store.read().typing.has(conversationId));
}

export function useCustomerOnline(conversationId: string): boolean {
  const { store } = useLive();
  return useSyncExternalStore(store.subscribe, () => store.read().customers.has(conversationId));
}
