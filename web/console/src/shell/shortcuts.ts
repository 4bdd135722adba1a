/** Single keys and pairs of keys ("g i"), ignored while somebody types. */
import { useEffect, useRef } from "react";

export interface Shortcut {
  keys: string;
  run: () => void;
}

const PAIR_MS = 1_000;

/** Whether a key goes into a field rather than to us. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** The shortcut that these keys complete, if any: a pair before its own second key. */
export function match(shortcuts: readonly Shortcut[], before: string, key: string): Shortcut | undefined {
  return (
    shortcuts.find((shortcut) => before !== "" && shortcut.keys === `${before} ${key}`) ??
    shortcuts.find((shortcut) => shortcut.keys === key)
  );
}

export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    let before = "";
    let at = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      // A dialog on top has the keys to itself.
      if (document.querySelector('[aria-modal="true"]')) return;
      const recent = event.timeStamp - at < PAIR_MS ? before : "";
      const found = match(current.current, recent, event.key);
      before = event.key;
      at = event.timeStamp;
      if (!found) return;
      before = "";
      event.preventDefault();
      found.run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
