import { Button, SegmentedControl } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Empty, Failed, Loading } from "../shared/States";
import { TASK_VIEWS, type TaskViewName } from "./filters";
import { NewTask } from "./NewTask";
import { tasksQuery } from "./queries";
import { SalesNav } from "./SalesNav";
import { TaskRow } from "./TaskRow";
import styles from "./Sales.module.css";

const LABELS: Record<TaskViewName, string> = {
  mine: "Mine",
  today: "Today",
  overdue: "Overdue",
  all: "Everybody's",
  done: "Done",
};
const EMPTY: Record<TaskViewName, string> = {
  mine: "You have nothing to do. What you plan with leads and opportunities shows here.",
  today: "Nothing of yours is due today.",
  overdue: "Nothing of yours is overdue.",
  all: "Nobody has anything to do.",
  done: "What was done shows here.",
};

export function TasksPage() {
  const { view = "mine" } = useSearch({ from: "/in/sales/tasks" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(tasksQuery(view));
  const tasks = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [adding, { open, close }] = useDisclosure(false);
  return (
    <div className={styles.page}>
      <SalesNav title="Tasks">
        <SegmentedControl
          size="xs"
          aria-label="Which tasks"
          value={view}
          onChange={(next) => void navigate({ to: "/sales/tasks", search: { view: next as TaskViewName }, replace: true })}
          data={TASK_VIEWS.map((value) => ({ value, label: LABELS[value] }))}
        />
        <Button onClick={open}>New task</Button>
      </SalesNav>
      <div className={styles.scroll}>
        {query.isPending ? (
          <Loading rows={8} height={44} />
        ) : query.isError && tasks.length === 0 ? (
          <Failed what="The tasks could not be loaded." error={query.error} retry={() => void query.refetch()} />
        ) : tasks.length === 0 ? (
          <Empty title="All clear" icon="check">
            {EMPTY[view]}
          </Empty>
        ) : (
          <>
            <ul className={styles.taskList}>
              {tasks.map((task) => (
                <TaskRow key={task.id} task={task} />
              ))}
            </ul>
            {query.hasNextPage && (
              <Button
                variant="default"
                m="md"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Show more
              </Button>
            )}
          </>
        )}
      </div>
      <NewTask opened={adding} close={close} />
    </div>
  );
}
