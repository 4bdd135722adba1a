import { ActionIcon, Button, NumberInput, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { reasonOf, unwrap } from "../../api/problems";
import type { PipelineView } from "../../api/types";
import { newClientId } from "../../inbox/clientId";
import { Icon } from "../../shared/Icon";
import settings from "../Settings.module.css";
import styles from "./Stages.module.css";
import { added, draftsOf, isSame, problemOf, type Row, rowsOf, shifted } from "./stages";

/** The stages in order, changed all at once: what the past has used stays, by the store's word. */
export function StageEditor({ pipeline, disabled }: { pipeline: PipelineView; disabled: boolean }) {
  const client = useQueryClient();
  const [rows, setRows] = useState(() => rowsOf(pipeline.stages));
  const problem = problemOf(rows);
  const isChanged = !isSame(rows, pipeline.stages);
  const save = useMutation({
    mutationFn: () =>
      unwrap(
        api.PUT("/api/v1/pipelines/{pipeline_id}/stages", {
          params: { path: { pipeline_id: pipeline.id } },
          body: { version: pipeline.version, stages: draftsOf(rows) },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.pipelines });
      void client.invalidateQueries({ queryKey: keys.boards });
      notifications.show({ message: `The stages of ${pipeline.name} are stored.` });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The stages were not stored", message: reasonOf(error) }),
  });
  const set = (key: string, change: Partial<Row>) =>
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...change } : row)));
  const open = rows.filter((row) => row.kind === "open");
  return (
    <form
      aria-label={`Stages of ${pipeline.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && !problem) save.mutate();
      }}
    >
      <ol className={styles.stages}>
        {rows.map((row) => {
          const name = row.name || "the new stage";
          const at = open.indexOf(row);
          return (
            <li key={row.key} className={styles.stage}>
              <TextInput
                aria-label={row.id ? `Name of ${name}` : "Name of the new stage"}
                maxLength={100}
                disabled={disabled}
                value={row.name}
                onChange={(event) => set(row.key, { name: event.currentTarget.value })}
              />
              {row.kind === "open" ? (
                <>
                  <NumberInput
                    aria-label={`Probability of ${name} in %`}
                    suffix=" %"
                    min={0}
                    max={100}
                    allowDecimal={false}
                    disabled={disabled}
                    value={row.probability}
                    onChange={(probability) => set(row.key, { probability })}
                  />
                  <span className={styles.moves}>
                    <ActionIcon
                      size={30}
                      aria-label={`${name} one place up`}
                      disabled={disabled || at === 0}
                      onClick={() => setRows(shifted(rows, row.key, -1))}
                    >
                      <Icon name="up" />
                    </ActionIcon>
                    <ActionIcon
                      size={30}
                      aria-label={`${name} one place down`}
                      disabled={disabled || at === open.length - 1}
                      onClick={() => setRows(shifted(rows, row.key, 1))}
                    >
                      <Icon name="down" />
                    </ActionIcon>
                    <ActionIcon
                      size={30}
                      aria-label={`Remove ${name}`}
                      disabled={disabled || open.length === 1}
                      onClick={() => setRows(rows.filter((one) => one.key !== row.key))}
                    >
                      <Icon name="close" />
                    </ActionIcon>
                  </span>
                </>
              ) : (
                <span className={styles.end}>{row.kind === "won" ? "a sale: 100 %" : "no sale: 0 %"}</span>
              )}
            </li>
          );
        })}
      </ol>
      {!disabled && (
        <div className={settings.foot}>
          <Button type="submit" disabled={!isChanged || problem !== null} loading={save.isPending}>
            Save the stages
          </Button>
          <Button
            variant="default"
            leftSection={<Icon name="plus" />}
            onClick={() => setRows(added(rows, newClientId()))}
          >
            Add a stage
          </Button>
          {isChanged && (
            <Button variant="subtle" onClick={() => setRows(rowsOf(pipeline.stages))}>
              Discard
            </Button>
          )}
          {problem && <span className={styles.problem}>{problem}</span>}
        </div>
      )}
    </form>
  );
}
