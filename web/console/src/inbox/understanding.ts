/** What the assistant understood of a message, as its parse says. */
import { list, number, record, text } from "../api/read";
import { percent } from "../shared/numbers";
import { humanise, mood, moodOfLabel, type Mood } from "../shared/words";

export interface Understanding {
  intent: { name: string; confidence: number | null; others: string } | null;
  mood: { mood: Mood; hint: string } | null;
  entities: { entity: string; value: string }[];
}

export function understanding(nlu: unknown): Understanding | null {
  const parse = record(nlu);
  if (Object.keys(parse).length === 0) return null;
  return { intent: readIntent(parse), mood: readMood(parse.sentiment), entities: readEntities(parse) };
}

function readIntent(parse: Record<string, unknown>): Understanding["intent"] {
  const named = record(parse.intent);
  const name = text(parse.intent) || text(named.name);
  if (!name) return null;
  const ranking = list(parse.ranking, (item) => {
    const other = text(item.name);
    const confidence = number(item.confidence);
    return other && other !== name && confidence !== null && confidence >= 0.01
      ? `${humanise(other)} ${percent(confidence)}`
      : null;
  });
  return {
    name,
    confidence: number(parse.confidence) ?? number(named.confidence),
    others: ranking.slice(0, 2).join(", "),
  };
}

function readMood(value: unknown): Understanding["mood"] {
  const sentiment = record(value);
  const label = text(sentiment.label);
  const valence = number(sentiment.valence);
  if (valence === null && !label) return null;
  const score = number(sentiment.score);
  const hints = [
    valence === null ? "" : `valence ${valence.toFixed(2)} on a scale from −1 to 1`,
    score === null ? "" : `${percent(score)} sure`,
  ].filter(Boolean);
  return { mood: valence === null ? moodOfLabel(label) : mood(valence), hint: hints.join(", ") };
}

function readEntities(parse: Record<string, unknown>): Understanding["entities"] {
  const seen = new Set<string>();
  return list(parse.entities, (item) => {
    const entity = text(item.entity);
    const value = text(item.value);
    const key = `${entity}=${value}`;
    if (!entity || !value || seen.has(key)) return null;
    seen.add(key);
    return { entity, value };
  });
}
