/** The handoff brief as the store wrote it, made ready to show. */
import { list, number, record, text, texts } from "../api/read";
import { actionName, humanise, mood, moodOfLabel, type Mood } from "../shared/words";

export interface Brief {
  asked: { intent: string; entities: string[] }[];
  tried: string[];
  moods: Mood[];
  /** What the bot itself noted, e.g. the order in question. */
  noted: { label: string; value: string }[];
}

const MAX_SHOWN = 6;
const IDENTIFIER = /^[a-z]+(_[a-z]+)+$/;

export function readBrief(value: unknown): Brief {
  const brief = record(value);
  return {
    asked: readAsked(brief.asked),
    tried: [...new Set(texts(brief.tried).filter(isDeed).map(actionName))].slice(-MAX_SHOWN),
    moods: list(brief.sentiment, readMood).slice(-MAX_SHOWN),
    noted: Object.entries(record(brief.assistant)).flatMap(([label, noted]) => {
      if (label === "tried") return [];
      const value = text(noted) || texts(noted).join(", ");
      return value ? [{ label: humanise(label), value: IDENTIFIER.test(value) ? humanise(value) : value }] : [];
    }),
  };
}

/** Each intent once, the newest last, with everything that was named under it. */
function readAsked(value: unknown): Brief["asked"] {
  const asked = new Map<string, Set<string>>();
  for (const item of list(value, (each) => each)) {
    const intent = text(item.intent);
    if (!intent) continue;
    const entities = asked.get(intent) ?? new Set();
    asked.delete(intent);
    asked.set(intent, entities);
    for (const found of list(item.entities, (entity) => text(entity.value) || null)) entities.add(found);
  }
  return [...asked].map(([intent, entities]) => ({ intent, entities: [...entities] })).slice(-MAX_SHOWN);
}

function readMood(item: Record<string, unknown>): Mood | null {
  const valence = number(item.valence);
  if (valence !== null) return mood(valence);
  const label = text(item.label);
  return label ? moodOfLabel(label) : null;
}

/** Answers with a fixed text say nothing about what was tried. */
function isDeed(name: string): boolean {
  return !name.startsWith("utter_");
}

export function isEmpty(brief: Brief): boolean {
  return brief.asked.length + brief.tried.length + brief.moods.length + brief.noted.length === 0;
}
