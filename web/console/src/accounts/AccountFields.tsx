import { NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import type { AccountPatch, AccountView } from "../api/types";
import { useSellers } from "../sales/colleagues";
import styles from "../sales/Opportunity.module.css";


/** An account as it stands in a form: no nulls, for fields have none. */
export interface AccountDraft {
  name: string;
  website: string;
  industry: string;
  employees: string | number;
  country: string;
  owner_id: string | null;
  notes: string;
}

export function draftOf(account: AccountView): AccountDraft {
  return {
    name: account.name,
    website: account.website ?? "",
    industry: account.industry ?? "",
    employees: account.employees ?? "",
    country: account.country ?? "",
    owner_id: account.owner_id,
    notes: account.notes,
  };
}

/** What of a draft is sent: blanks become null. */
export function patchOf(draft: Partial<AccountDraft>): AccountPatch {
  const patch: AccountPatch = {};
  if (draft.name !== undefined) patch.name = draft.name.trim();
  if (draft.website !== undefined) patch.website = draft.website.trim() || null;
  if (draft.industry !== undefined) patch.industry = draft.industry.trim() || null;
  if (draft.employees !== undefined) patch.employees = draft.employees === "" ? null : Number(draft.employees);
  if (draft.country !== undefined) patch.country = draft.country.trim() || null;
  if (draft.owner_id !== undefined) patch.owner_id = draft.owner_id;
  if (draft.notes !== undefined) patch.notes = draft.notes.trim();
  return patch;
}

/** Whether the draft can be stored as far as a form can tell. */
export function isComplete(draft: AccountDraft): boolean {
  return draft.name.trim() !== "";
}

interface FieldsProps {
  draft: AccountDraft;
  set: (change: Partial<AccountDraft>) => void;
  disabled?: boolean;
  autoFocus?: boolean;
}

export function AccountFields({ draft, set, disabled = false, autoFocus }: FieldsProps) {
  const sellers = useSellers();
  return (
    <>
      <TextInput
        label="Name"
        required
        maxLength={200}
        dir="auto"
        disabled={disabled}
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        {...(autoFocus ? { "data-autofocus": true } : {})}
      />
      <div className={styles.two}>
        <TextInput
          label="Website"
          type="url"
          placeholder="https://…"
          maxLength={200}
          disabled={disabled}
          value={draft.website}
          onChange={(event) => set({ website: event.currentTarget.value })}
        />
        <TextInput
          label="Industry"
          maxLength={64}
          disabled={disabled}
          value={draft.industry}
          onChange={(event) => set({ industry: event.currentTarget.value })}
        />
        <NumberInput
          label="People who work there"
          min={0}
          max={10_000_000}
          allowDecimal={false}
          thousandSeparator
          hideControls
          disabled={disabled}
          value={draft.employees}
          onChange={(employees) => set({ employees })}
        />
        <TextInput
          label="Country"
          placeholder="Germany, or DE"
          maxLength={64}
          disabled={disabled}
          value={draft.country}
          onChange={(event) => set({ country: event.currentTarget.value })}
        />
        <Select
          label="Owner"
          placeholder="Nobody"
          clearable
          searchable
          disabled={disabled}
          data={sellers}
          value={draft.owner_id}
          onChange={(owner_id) => set({ owner_id })}
        />
      </div>
      <Textarea
        label="Notes"
        autosize
        minRows={3}
        maxRows={12}
        maxLength={20_000}
        dir="auto"
        disabled={disabled}
        value={draft.notes}
        onChange={(event) => set({ notes: event.currentTarget.value })}
      />
    </>
  );
}
