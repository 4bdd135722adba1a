/** Keeping the keyboard where the eye is. */

const PHONE = "(max-width: 480px)";
const REACHABLE = "a[href],button:not([disabled]),input:not([hidden]),select,textarea,[tabindex='0']";

/** Whether the panel fills the screen, and so is all there is. */
export function isPhone(): boolean {
  return window.matchMedia(PHONE).matches;
}

/** On a phone the page behind cannot be seen: Tab goes round within the panel. */
export function goRound(event: KeyboardEvent, panel: HTMLElement): void {
  if (event.key !== "Tab" || !isPhone()) return;
  const all = [...panel.querySelectorAll<HTMLElement>(REACHABLE)].filter(({ tabIndex }) => tabIndex >= 0);
  const [first, last] = [all[0], all[all.length - 1]];
  if (event.target !== (event.shiftKey ? first : last)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
