import { useQuery } from "@tanstack/react-query";
import { conversationQuery } from "./queries";

export function useConversation(id: string | undefined) {
  return useQuery({ ...conversationQuery(id ?? ""), enabled: id !== undefined });
}
