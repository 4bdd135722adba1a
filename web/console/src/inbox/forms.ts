/** Forms in a conversation: what was asked, whether it was answered, and the answers beside their questions. */
import { list, record, text } from "../api/read";
import type { StaffMessage } from "../api/types";

interface AskedField {
  name: string;
  label: string;
  options: { value: string; label: string }[];
}

export interface AskedForm {
  title: string;
  fields: AskedField[];
  answered: boolean;
}

export interface Fact {
  label: string;
  value: string;
}

export interface FormAnswers {
  title: string;
  facts: Fact[];
}

/** By the message that they stand under. */
interface Forms {
  asked: ReadonlyMap<string, AskedForm>;
  answers: ReadonlyMap<string, FormAnswers>;
}

/** The forms among these messages. An answer whose form is not among them stays what its text says. */
export function formsIn(messages: readonly StaffMessage[]): Forms {
  const asked = new Map<string, AskedForm>();
  const answers = new Map<string, FormAnswers>();
  for (const { id, payload } of messages) {
    const form = readForm(record(payload).form);
    if (form) asked.set(id, form);
    const answer = record(record(payload).form_answer);
    const askedBy = text(answer.message_id);
    const answered = asked.get(askedBy);
    if (!answered) continue;
    // The form's own message was read before it was answered, perhaps.
    asked.set(askedBy, { ...answered, answered: true });
    answers.set(id, { title: answered.title, facts: factsOf(answered, record(answer.values)) });
  }
  return { asked, answers };
}

function readForm(value: unknown): AskedForm | null {
  const form = record(value);
  if (!text(form.id)) return null;
  return {
    title: text(form.title),
    fields: list(form.fields, (field) => ({
      name: text(field.name),
      label: inEnglish(field.label) || text(field.name),
      options: list(field.options, (option) => ({ value: text(option.value), label: inEnglish(option.label) })),
    })),
    answered: form.answered === true,
  };
}

function factsOf(form: AskedForm, values: Record<string, unknown>): Fact[] {
  return form.fields.flatMap(({ name, label, options }) => {
    const value = values[name];
    if (value === undefined) return [];
    if (typeof value === "boolean") return [{ label, value: value ? "yes" : "no" }];
    return [{ label, value: options.find((option) => option.value === value)?.label || text(value) }];
  });
}

/** In the console's own language where it is said in it. */
function inEnglish(texts: unknown): string {
  const words = record(texts);
  const locale = Object.keys(words).find((one) => /^en\b/i.test(one)) ?? Object.keys(words)[0];
  return locale ? text(words[locale]) : "";
}
