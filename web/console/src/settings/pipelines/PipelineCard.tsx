import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { reasonOf, unwrap } from "../../api/problems";
import type { PipelineView } from "../../api/types";
import { Chip } from "../../shared/Chip";
import styles from "../Settings.module.css";
import { StageEditor } from "./StageEditor";

/** One pipeline: its standing, and its stages to edit. */
export function PipelineCard({ pipeline }: { pipeline: PipelineView }) {
  const client = useQueryClient();
  const isArchived = pipeline.archived_at !== null;
  const edit = useMutation({
    mutationFn: (change: { is_default?: boolean; archived?: boolean }) =>
      unwrap(
        api.PATCH("/api/v1/pipelines/{pipeline_id}", {
          params: { path: { pipeline_id: pipeline.id } },
          body: { version: pipeline.version, ...change },
        }),
      ),
    onError: (error) =>
      notifications.show({ color: "red", title: `${pipeline.name} was not changed`, message: reasonOf(error) }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.pipelines });
      void client.invalidateQueries({ queryKey: keys.boards });
    },
  });
  return (
    <li className={styles.card} data-off={isArchived}>
      <div className={styles.cardHead}>
        <h3>
          <bdi>{pipeline.name}</bdi>
        </h3>
        <Chip quiet>{pipeline.currency}</Chip>
        {pipeline.is_default && (
          <Chip tone="accent" hint="New opportunities go here">
            default
          </Chip>
        )}
        {isArchived && <Chip>archived</Chip>}
        <span className={styles.push}>
          {!pipeline.is_default && !isArchived && (
            <Button variant="default" disabled={edit.isPending} onClick={() => edit.mutate({ is_default: true })}>
              Make it the default
            </Button>
          )}
          {!pipeline.is_default && (
            <Button
              variant="default"
              loading={edit.isPending}
              onClick={() => edit.mutate({ archived: !isArchived })}
            >
              {isArchived ? "Take it back" : "Archive"}
            </Button>
          )}
        </span>
      </div>
      <StageEditor pipeline={pipeline} disabled={isArchived} />
    </li>
  );
}
