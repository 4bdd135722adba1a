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

const NOTICE = "reminders";

/** Shows reminders once they have come, all in one notice, until it is put away. */
export function Reminders() {
  const { data } = useQuery(remindersQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const known = useRef("");
  useEffect(() => {
    const tasks = data?.items ?? [];
    const ids = tasks.map((task) => task.id).join();
    if (ids === known.current) return;
    known.current = ids;
    notifications.hide(NOTICE);
    if (tasks.length === 0) return;
    const putAway = () => {
      if (known.current !== ids) return; // a newer notice took its place
      void Promise.all(tasks.map(seen)).then(
        () => client.invalidateQueries({ queryKey: keys.allTasks }),
        () => {
          known.current = ""; // it comes back with the next look
        },
      );
    };
    const notice = {
      id: NOTICE,
      title: tasks.length === 1 ? tasks[0]?.title : `${tasks.length} reminders`,
      message: <Body tasks={tasks} open={() => void navigate({ to: "/sales/tasks", search: { view: "mine" } })} />,
      autoClose: false as const,
      closeButtonProps: { "aria-label": "Put away" },
      onClose: putAway,
    };
    // The one before leaves first, or both would be one.
    let isShown = false;
    const timer = setTimeout(() => {
      isShown = true;
      notifications.show(notice);
    });
    return () => {
      if (isShown) return;
      clearTimeout(timer);
      known.current = "";
    };
  }, [data, client, navigate]);
  return null;
}

function seen(task: TaskView): Promise<TaskView> {
  return unwrap(api.POST("/api/v1/tasks/{task_id}/reminded", { params: { path: { task_id: task.id } } }));
}

function Body({ tasks, open }: { tasks: TaskView[]; open: () => void }) {
  const first = tasks[0];
  return (
    <>
      {tasks.length === 1 ? (
        <div className="cut">{first?.due_at ? `due ${dueWords(first.due_at, new Date()).text}` : "a reminder"}</div>
      ) : (
        <div className="cut">
          {first?.title} and {tasks.length - 1} more
        </div>
      )}
      <Group mt={4}>
        <Button variant="subtle" size="compact-xs" onClick={open}>
          Show my tasks
        </Button>
      </Group>
    </>
  );
}
