import { NumberInput, Select, Switch, TextInput } from "@mantine/core";
import styles from "../Settings.module.css";
import {
  asKind,
  blankField,
  blankOption,
  type FieldDraft,
  firstOf,
  hasLength,
  type Kind,
  KINDS,
  MAX_FIELDS,
  MAX_OPTIONS,
  nameByLabel,
  nameFrom,
  type OptionDraft,
  type Texts,
} from "./fields";
import { LocalText } from "./LocalText";
import { hasProblem, type Problems } from "./problems";
import { Rows } from "./Rows";

interface FieldRowsProps {
  /** Where they stand in the settings. */
  path: string;
  fields: readonly FieldDraft[];
  locales: readonly string[];
  problems: Problems;
  change: (fields: FieldDraft[]) => void;
}

/** What is asked, one thing after the other. */
export function FieldRows({ path, fields, locales, problems, change }: FieldRowsProps) {
  return (
    <Rows
      what="field"
      rows={fields}
      most={MAX_FIELDS}
      make={blankField}
      change={change}
      nameOf={({ label }, at) => firstOf(label, locales) || `Field ${at + 1}`}
      about={({ kind, required }) => `${kindOf(kind)}${required ? ", required" : ""}`}
      isWrong={(at) => hasProblem(problems, `${path}.${at}`)}
      error={problems.get(path)?.message}
    >
      {(field, edit, at) => (
        <FieldForm
          path={`${path}.${at}`}
          field={field}
          taken={fields.filter((other) => other.key !== field.key).map(({ name }) => name)}
          locales={locales}
          problems={problems}
          edit={edit}
        />
      )}
    </Rows>
  );
}

interface FieldFormProps {
  path: string;
  field: FieldDraft;
  taken: readonly string[];
  locales: readonly string[];
  problems: Problems;
  edit: (values: Partial<FieldDraft>) => void;
}

function FieldForm({ path, field, taken, locales, problems, edit }: FieldFormProps) {
  const wrong = (name: string) => problems.get(`${path}.${name}`)?.message;
  // An address goes by the name that transcripts are mailed to, whatever it is called on the page.
  function named(label: Texts, kind: Kind): Partial<FieldDraft> {
    if (field.isNamed) return {};
    const isAddress = kind === "email" || kind === "phone";
    return { name: isAddress ? nameFrom(kind, taken, "field") : nameByLabel(label, locales, taken, "field") };
  }
  return (
    <>
      <LocalText
        label="Label"
        texts={field.label}
        locales={locales}
        most={500}
        error={wrong("label")}
        change={(label) => edit({ label, ...named(label, field.kind) })}
      />
      <div className={styles.two}>
        <Select
          label="What is filled in"
          allowDeselect={false}
          data={[...KINDS]}
          value={field.kind}
          error={wrong("kind")}
          onChange={(value) => {
            const kind = (value ?? field.kind) as Kind;
            edit({ ...asKind(field, kind), ...named(field.label, kind) });
          }}
        />
        <TextInput
          label="Name in the data"
          description={field.name === "email" ? "A transcript may be mailed there" : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          maxLength={40}
          spellCheck={false}
          value={field.name}
          error={wrong("name")}
          onChange={(event) => edit({ name: event.currentTarget.value, isNamed: true })}
        />
        {hasLength(field.kind) && (
          <NumberInput
            label="Characters at most"
            min={1}
            max={2_000}
            allowDecimal={false}
            thousandSeparator=","
            value={field.maxLength}
            error={wrong("max_length")}
            onChange={(maxLength) => edit({ maxLength })}
          />
        )}
      </div>
      <Switch
        label={field.kind === "checkbox" ? "Must be ticked" : "Must be filled in"}
        checked={field.required}
        onChange={(event) => edit({ required: event.currentTarget.checked })}
      />
      {field.kind === "select" && (
        <Options
          path={`${path}.options`}
          options={field.options}
          locales={locales}
          problems={problems}
          change={(options) => edit({ options })}
        />
      )}
    </>
  );
}

interface OptionsProps {
  path: string;
  options: readonly OptionDraft[];
  locales: readonly string[];
  problems: Problems;
  change: (options: OptionDraft[]) => void;
}

function Options({ path, options, locales, problems, change }: OptionsProps) {
  return (
    <fieldset className={styles.choices}>
      <legend>Choices</legend>
      <Rows
        what="choice"
        rows={options}
        most={MAX_OPTIONS}
        make={blankOption}
        change={change}
        nameOf={({ label }, at) => firstOf(label, locales) || `Choice ${at + 1}`}
        error={problems.get(path)?.message}
      >
        {(option, edit, at) => {
          const taken = options.filter((other) => other.key !== option.key).map(({ value }) => value);
          const named = (label: Texts) =>
            option.isNamed ? {} : { value: nameByLabel(label, locales, taken, "choice") };
          return (
            <div className={styles.two}>
              <LocalText
                label={`Choice ${at + 1}`}
                texts={option.label}
                locales={locales}
                most={500}
                error={problems.get(`${path}.${at}.label`)?.message}
                change={(label) => edit({ label, ...named(label) })}
              />
              <TextInput
                label={`Choice ${at + 1} in the data`}
                maxLength={60}
                spellCheck={false}
                value={option.value}
                error={problems.get(`${path}.${at}.value`)?.message}
                onChange={(event) => edit({ value: event.currentTarget.value, isNamed: true })}
              />
            </div>
          );
        }}
      </Rows>
    </fieldset>
  );
}

function kindOf(kind: Kind): string {
  return KINDS.find(({ value }) => value === kind)?.label ?? kind;
}
