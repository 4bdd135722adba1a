import { ActionIcon, Button, TextInput } from "@mantine/core";
import { newClientId } from "../../inbox/clientId";
import { Icon } from "../../shared/Icon";
import styles from "./Calendars.module.css";
import type { OwnDay } from "./draft";
import { readHours } from "./hours";

/** Days that differ from their weekday and from holidays: a company outing, a long Saturday. */
export function OwnDays({ days, set }: { days: OwnDay[]; set: (days: OwnDay[]) => void }) {
  const change = (key: string, one: Partial<OwnDay>) =>
    set(days.map((day) => (day.key === key ? { ...day, ...one } : day)));
  return (
    <section aria-label="Days of its own">
      <h3>Days of its own</h3>
      {days.length > 0 && (
        <ul className={styles.days}>
          {days.map(({ key, day, name, hours }) => (
            <li key={key}>
              <TextInput
                type="date"
                aria-label="Day"
                value={day}
                error={day === "" || days.some((other) => other.key !== key && other.day === day)}
                onChange={(event) => change(key, { day: event.currentTarget.value })}
              />
              <TextInput
                aria-label={`What ${day || "the new day"} is`}
                placeholder="Stocktaking"
                maxLength={200}
                value={name}
                onChange={(event) => change(key, { name: event.currentTarget.value })}
              />
              <TextInput
                aria-label={`Hours of ${day || "the new day"}`}
                placeholder="closed"
                maxLength={120}
                error={readHours(hours) === null}
                value={hours}
                onChange={(event) => change(key, { hours: event.currentTarget.value })}
              />
              <ActionIcon
                size={30}
                aria-label={`Remove ${day || "the new day"}`}
                onClick={() => set(days.filter((other) => other.key !== key))}
              >
                <Icon name="close" />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Button
        variant="default"
        leftSection={<Icon name="plus" />}
        onClick={() => set([...days, { key: newClientId(), day: "", name: "", hours: "closed" }])}
      >
        Add a day
      </Button>
    </section>
  );
}
