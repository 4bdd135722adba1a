import { notifications } from "@mantine/notifications";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { TaskView } from "../api/types";

interface Done {
  task: TaskView;
  status: "open" | "done";
}

interface Rows {
  items: TaskView[];
}

/** Tick a task off, or open it again: shown at once, taken back with the reason if refused. */
export function useTaskDone() {
  const client = useQueryClient();

  function put(task: TaskView): void {
    const change = <T extends Rows>(rows: T): T => ({
      ...rows,
      items: rows.items.map((one) => (one.id === task.id ? task : one)),
    });
    client.setQueriesData<Rows | InfiniteData<Rows>>({ queryKey: keys.allTasks }, (data) => {
      if (!data) return data;
      return "pages" in data ? { ...data, pages: data.pages.map(change) } : change(data);
    });
  }

  return useMutation({
    mutationFn: ({ task, status }: Done) =>
      unwrap(
        api.PATCH("/api/v1/tasks/{task_id}", {
          params: { path: { task_id: task.id } },
          body: { version: task.version, status },
        }),
      ),
    onMutate: async ({ task, status }) => {
      await client.cancelQueries({ queryKey: keys.allTasks });
      put({ ...task, status });
    },
    onSuccess: (task) => {
      put(task);
      // Whoever looks at a list keeps the row that they have just ticked, until they come back to it.
      void client.invalidateQueries({ queryKey: keys.allTasks, refetchType: "inactive" });
    },
    onError: (error, { task }) => {
      put(task);
      notifications.show({ color: "red", title: `${task.title} was not changed`, message: reasonOf(error) });
      void client.invalidateQueries({ queryKey: keys.allTasks });
    },
  });
}
