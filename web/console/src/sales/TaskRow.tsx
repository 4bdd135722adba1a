import { Checkbox, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { TaskView } from "../api/types";
import { Chip } from "../shared/Chip";
import { useNow } from "../shared/useNow";
import { humanise } from "../shared/words";
import { useColleague } from "./colleagues";
import { dueWords } from "./days";
import { useTaskDone } from "./useTaskDone";
import sales from "./Sales.module.css";
import styles from "./Tasks.module.css";

interface RowProps {
  task: TaskView;
  /** Beside the record that it is about, which then needs no mention. */
  bare?: boolean;
}

export function TaskRow({ task, bare }: RowProps) {
  const now = useNow();
  const owner = useColleague(task.owner_id);
  const done = useTaskDone();
  const isOpen = task.status === "open";
  const due = dueWords(task.due_at, now);
  return (
    <li className={styles.task} data-status={task.status}>
      <Tooltip label={isOpen ? "Done" : "Open it again"}>
        <Checkbox
          aria-label={isOpen ? `Mark ${task.title} as done` : `Open ${task.title} again`}
          checked={task.status === "done"}
          indeterminate={task.status === "cancelled"}
          onChange={() => done.mutate({ task, status: isOpen ? "done" : "open" })}
        />
      </Tooltip>
      <div className={sales.grow}>
        <div className={styles.taskTop}>
          <b className="cut">
            <bdi>{task.title}</bdi>
          </b>
          {task.kind !== "todo" && <Chip quiet>{humanise(task.kind)}</Chip>}
          {isOpen && task.priority === "high" && <Chip tone="warn">High</Chip>}
        </div>
        <div className={sales.quiet}>
          {!bare && task.about && (
            <>
              <About about={task.about} />
              {" · "}
            </>
          )}
          {owner ?? "Nobody's"}
        </div>
      </div>
      {isOpen && (
        <span className={`${styles.due} figures`} data-late={due.late}>
          {due.late && <span className="sr-only">overdue, </span>}
          {due.text}
        </span>
      )}
    </li>
  );
}

function About({ about }: { about: NonNullable<TaskView["about"]> }) {
  const name = about.name ?? humanise(about.kind);
  if (about.kind === "opportunity") {
    return (
      <Link to="/sales/opportunities/$opportunityId" params={{ opportunityId: about.id }}>
        {name}
      </Link>
    );
  }
  if (about.kind === "customer") {
    return (
      <Link to="/customers/$customerId" params={{ customerId: about.id }}>
        {name}
      </Link>
    );
  }
  if (about.kind === "lead") {
    return (
      <Link to="/sales/leads" search={{ q: name }}>
        {name}
      </Link>
    );
  }
  return <bdi>{name}</bdi>;
}
