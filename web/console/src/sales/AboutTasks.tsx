import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Failed, Loading } from "../shared/States";
import { NewTask, type TaskSubject } from "./NewTask";
import { tasksAbout } from "./queries";
import { TaskRow } from "./TaskRow";
import styles from "./Opportunity.module.css";
import sales from "./Sales.module.css";

/** What has to be done about one record. */
export function AboutTasks({ record, about }: { record: string; about: TaskSubject }) {
  const query = useQuery(tasksAbout(record));
  const [adding, { open, close }] = useDisclosure(false);
  const tasks = query.data?.items ?? [];
  return (
    <section aria-label="Tasks">
      <div className={styles.sideHead}>
        <h2>Tasks</h2>
        <Button variant="default" onClick={open}>
          New task
        </Button>
      </div>
      {query.isPending ? (
        <Loading rows={2} />
      ) : query.isError ? (
        <Failed small what="The tasks could not be loaded." error={query.error} retry={() => void query.refetch()} />
      ) : tasks.length === 0 ? (
        <p className={sales.quiet}>Nothing to do about this at present.</p>
      ) : (
        <ul className={sales.taskList}>
          {tasks.map((task) => (
            <TaskRow key={task.id} task={task} bare />
          ))}
        </ul>
      )}
      <NewTask opened={adding} close={close} about={about} />
    </section>
  );
}
