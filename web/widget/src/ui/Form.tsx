import { useRef, useState } from "preact/hooks";
import { type Answers, ApiError } from "../api";
import { inLocale, words } from "../locale";
import { newId } from "../ids";
import type { Field } from "../site";

interface Props {
  fields: Field[];
  submit: string;
  /** Rejects with what is wrong; a refusal of single fields is shown beside them. */
  onSubmit: (values: Answers) => Promise<void>;
  onCancel?: () => void;
}

/** What each kind of field is to a browser: its keyboard, its checks and what it can fill in by itself. */
const TYPES: Partial<Record<Field["kind"], object>> = {
  email: { type: "email", autocomplete: "email" },
  phone: { type: "tel", autocomplete: "tel", pattern: "[\\d\\s+.()\\/\\-]{5,}" },
};

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export function Form({ fields, submit, onSubmit, onCancel }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [state, setState] = useState<"filling" | "sending" | "failed">("filling");
  // Several forms can stand in one chat.
  const id = useRef(newId()).current;

  const control = (name: string) => form.current?.elements.namedItem(name) as Control;

  const show = (problems: Record<string, string>) => {
    setWrong(problems);
    const first = fields.find(({ name }) => problems[name]);
    if (first) control(first.name).focus();
  };

  const send = async () => {
    const values: Answers = {};
    const problems: Record<string, string> = {};
    for (const { name, kind } of fields) {
      const { validity, value } = control(name);
      if (!validity.valid) problems[name] = validity.valueMissing ? words.required : words.invalid;
      if (kind === "checkbox") values[name] = (control(name) as HTMLInputElement).checked;
      else if (value.trim()) values[name] = value.trim();
    }
    show(problems);
    if (Object.keys(problems).length) return;
    setState("sending");
    try {
      await onSubmit(values);
      setState("filling");
    } catch (error) {
      const refused = error instanceof ApiError ? error.fields : {};
      const shown = fields.some(({ name }) => refused[name]);
      setState(shown ? "filling" : "failed");
      show(refused);
    }
  };

  return (
    <form
      ref={form}
      class="form"
      noValidate
      data-testid="kefu-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (state !== "sending") void send();
      }}
    >
      {fields.map((field) => {
        const { name, kind, required } = field;
        const problem = wrong[name];
        const label = (
          <label for={id + name} dir="auto">
            {inLocale(field.label)}
            {required ? null : <span class="optional"> ({words.optional})</span>}
          </label>
        );
        const common = {
          id: id + name,
          name,
          required,
          "aria-invalid": problem ? true : undefined,
          "aria-describedby": problem ? `${id + name}!` : undefined,
          onInput: () => problem && setWrong({ ...wrong, [name]: "" }),
        };
        const limit = { dir: "auto", maxLength: field.max_length } as const;
        return (
          <div class={kind === "checkbox" ? "field check" : "field"} key={name}>
            {label}
            {kind === "select" ? (
              <select {...common}>
                <option value="">{words.choose}</option>
                {field.options.map((option) => (
                  <option key={option.value} value={option.value}>
                    {inLocale(option.label)}
                  </option>
                ))}
              </select>
            ) : kind === "textarea" ? (
              <textarea rows={3} {...common} {...limit} />
            ) : kind === "checkbox" ? (
              <input type="checkbox" {...common} />
            ) : (
              <input type="text" autocomplete={name === "name" ? "name" : "on"} {...common} {...limit} {...TYPES[kind]} />
            )}
            {problem ? (
              <p class="problem" id={`${id + name}!`}>
                {problem}
              </p>
            ) : null}
          </div>
        );
      })}
      {state === "failed" ? (
        <p class="problem" role="alert">
          {words.tryLater}
        </p>
      ) : null}
      <div class="form-end">
        <button type="submit" class="primary" disabled={state === "sending"}>
          {state === "sending" ? words.sending : submit}
        </button>
        {onCancel ? (
          <button type="button" class="plain" onClick={onCancel}>
            {words.back}
          </button>
        ) : null}
      </div>
    </form>
  );
}
