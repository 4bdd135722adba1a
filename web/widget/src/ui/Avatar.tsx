import type { Author } from "../protocol";
import { SparkIcon } from "./icons";

export function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const picked = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : [parts[0]];
  return picked
    .map((part) => Array.from(part ?? "")[0] ?? "")
    .join("")
    .toLocaleUpperCase();
}

/** A square light for the assistant, a round one with initials for a person. */
export function Avatar({ author, name, large }: { author: Author; name: string | null; large?: boolean }) {
  const size = large ? " large" : "";
  if (author === "agent") {
    return (
      <span class={`avatar person${size}`} aria-hidden="true">
        {initials(name ?? "") || "?"}
      </span>
    );
  }
  return (
    <span class={`avatar assistant${size}`} aria-hidden="true">
      <SparkIcon size={large ? 22 : 16} />
    </span>
  );
}
