import { TextInput } from "@mantine/core";
import { useId } from "react";
import styles from "./Calendars.module.css";
import { DAY_NAMES, DAYS, type Day, hoursText, readHours } from "./hours";

interface WeekProps {
  week: Record<Day, string>;
  set: (week: Record<Day, string>) => void;
}

/** A line for each day, as people write hours; made tidy when it is left. */
export function WeekFields({ week, set }: WeekProps) {
  const id = useId();
  return (
    <div>
      <div className={styles.week}>
        {DAYS.map((day) => {
          const read = readHours(week[day]);
          return [
            <label key={`${day} label`} htmlFor={`${id}${day}`}>
              {DAY_NAMES[day]}
            </label>,
            <TextInput
              key={day}
              id={`${id}${day}`}
              maxLength={120}
              error={read === null ? "Like 9:00–12:30, 13:30–18:00" : null}
              value={week[day]}
              onChange={(event) => set({ ...week, [day]: event.currentTarget.value })}
              onBlur={() => read && set({ ...week, [day]: hoursText(read) })}
            />,
          ];
        })}
      </div>
      <p className={styles.hint}>Hours like 9–12:30, 13:30–18; “closed” or nothing on a day off. 24:00 is midnight.</p>
    </div>
  );
}
