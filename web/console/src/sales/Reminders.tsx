import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import type { TaskView } from "../api/types";
import { dueWords } from "./days";
import { remindersQuery } from "./queries";

/** Shows each reminder once it has come, until it is put away. */
export function Reminders() {
  const { data } = useQuery(remindersQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const shown = useRef(new Set<string>());
  useEffect(() => {
    const putAway = (task: TaskView) => {
      void unwrap(
        api.POST("/api/v1/tasks/{task_id}/reminded", { params: { path: { task_id: task.id } } }),
      ).then(
        () => client.invalidateQueries({ queryKey: keys.allTasks }),
        // It comes back with the next look.
        () => shown.current.delete(task.id),
      );
    };
    for (const task of data?.items ?? []) {
      if (shown.current.has(task.id)) continue;
      shown.current.add(task.id);
      const id = `reminder-${task.id}`;
      notifications.show({
        id,
        title: task.title,
        message: (
          <Group gap="xs" mt={4}>
            <span>{task.due_at ? `Due ${dueWords(task.due_at, new Date()).text}` : "A reminder"}</span>
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => {
                notifications.hide(id);
                void navigate({ to: "/sales/tasks", search: { view: "mine" } });
              }}
            >
              Show my tasks
            </Button>
          </Group>
        ),
        autoClose: false,
        closeButtonProps: { "aria-label": "Put the reminder away" },
        onClose: () => putAway(task),
      });
    }
  }, [data, client, navigate]);
  return null;
}
