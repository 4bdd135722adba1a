/** Sound and desktop notifications: off until the customer asks for them in the menu. */

import type { Emitter } from "./events";
import { words } from "./locale";
import type { Prefs } from "./storage";

const QUIET_MS = 2_000;
const MAX_TEXT = 120;

let audio: AudioContext | undefined;

/** One short note that dies away; made here, so that nothing has to be loaded. */
export function chime(): void {
  audio ??= new AudioContext();
  const { currentTime, destination } = audio;
  const end = currentTime + 0.4;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = 880;
  volume.gain.value = 0.1;
  volume.gain.exponentialRampToValueAtTime(0.001, end);
  tone.connect(volume).connect(destination);
  tone.start();
  tone.stop(end);
}

/** Ask the browser; to be called from a click. */
export async function allowed(): Promise<boolean> {
  return "Notification" in window && (await Notification.requestPermission()) === "granted";
}

interface Customer {
  readonly prefs: Prefs;
  readonly isLooking: boolean;
  setOpen(open: boolean): void;
}

/** Tell of others' words that nobody is looking at. */
export function alertOf(events: Emitter, customer: Customer): void {
  let last = 0;
  events.on("message", ({ id, author, name, text }) => {
    if (author === "customer" || customer.isLooking) return;
    const { sound, alerts } = customer.prefs;
    const now = Date.now();
    if (sound && now - last > QUIET_MS) {
      last = now;
      chime();
    }
    if (!alerts || !document.hidden) return;
    try {
      // The tag makes one of the notifications of several tabs.
      const shown = new Notification(name ?? words.assistant, { body: text.slice(0, MAX_TEXT), tag: id });
      shown.onclick = () => {
        window.focus();
        customer.setOpen(true);
        shown.close();
      };
    } catch {
      // Phones' browsers have the permission and not the constructor.
    }
  });
}
