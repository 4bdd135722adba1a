import { useState } from "react";

/** The values of a form, and which of them differ from what they were. */
export function useFields<T extends object>(initial: T) {
  const [values, setValues] = useState(initial);
  const changed = Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== initial[name as keyof T]),
  ) as Partial<T>;
  return {
    values,
    set: (change: Partial<T>) => setValues((before) => ({ ...before, ...change })),
    reset: () => setValues(initial),
    changed,
    isChanged: Object.keys(changed).length > 0,
  };
}
