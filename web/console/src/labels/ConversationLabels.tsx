import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import { LabelChips } from "./LabelChips";
import { LabelPicker } from "./LabelPicker";
import styles from "./Labels.module.css";
import { conversationLabelsQuery } from "./queries";

/** The menu that changes a conversation's labels. */
export function ConversationLabelPicker({ id }: { id: string }) {
  const client = useQueryClient();
  const labels = useQuery(conversationLabelsQuery(id));
  const change = useMutation({
    mutationFn: (label_ids: string[]) =>
      unwrap(
        api.POST("/api/v1/conversations/{conversation_id}/label", {
          params: { path: { conversation_id: id } },
          body: { label_ids },
        }),
      ),
    onSuccess: (answer) => client.setQueryData(keys.conversationLabels(id), answer),
    onError: (error) =>
      notifications.show({ color: "red", title: "The labels were not changed", message: reasonOf(error) }),
  });
  return (
    <LabelPicker
      chosen={labels.data?.items ?? []}
      choose={(ids) => change.mutate(ids)}
      disabled={change.isPending}
    />
  );
}

/** The labels that a conversation has; no line when it has none. */
export function ConversationLabelLine({ id }: { id: string }) {
  const { data } = useQuery(conversationLabelsQuery(id));
  if (!data || data.items.length === 0) return null;
  return (
    <div className={styles.line}>
      <LabelChips labels={data.items} />
    </div>
  );
}
