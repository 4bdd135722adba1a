import { TextInput } from "@mantine/core";
import type { CustomerDetail, CustomerPatch } from "../api/types";
import styles from "../sales/Opportunity.module.css";

/** A customer as they stand in a form: no nulls, for fields have none. */
export interface CustomerDraft {
  name: string;
  email: string;
  phone: string;
  street: string;
  postal_code: string;
  city: string;
  country: string;
  locale: string;
  external_id: string;
}

export const BLANK: CustomerDraft = {
  name: "",
  email: "",
  phone: "",
  street: "",
  postal_code: "",
  city: "",
  country: "",
  locale: "",
  external_id: "",
};

export function draftOf(customer: CustomerDetail): CustomerDraft {
  const known = Object.keys(BLANK) as (keyof CustomerDraft)[];
  return Object.fromEntries(known.map((name) => [name, customer[name] ?? ""])) as unknown as CustomerDraft;
}

/** What of a draft is sent: blanks become null. */
export function patchOf(draft: Partial<CustomerDraft>): Partial<CustomerPatch> {
  return Object.fromEntries(Object.entries(draft).map(([name, value]) => [name, value.trim() || null]));
}

const FIELDS: readonly {
  name: keyof CustomerDraft;
  label: string;
  limit: number;
  type?: string;
  placeholder?: string;
  wide?: boolean;
}[] = [
  { name: "name", label: "Name", limit: 200, wide: true },
  { name: "email", label: "E-mail", limit: 254, type: "email" },
  { name: "phone", label: "Phone, with the country code", limit: 40, type: "tel", placeholder: "+49 30 1234567" },
  { name: "street", label: "Street and number", limit: 200, wide: true },
  { name: "postal_code", label: "Postal code", limit: 20 },
  { name: "city", label: "City", limit: 100 },
  { name: "country", label: "Country", limit: 64, placeholder: "Germany, or DE" },
  { name: "locale", label: "Language", limit: 16, placeholder: "en, de, zh-CN …" },
  { name: "external_id", label: "Number in your shop system", limit: 128, wide: true },
];

interface FieldsProps {
  draft: CustomerDraft;
  set: (change: Partial<CustomerDraft>) => void;
}

export function CustomerFields({ draft, set }: FieldsProps) {
  return (
    <div className={styles.two}>
      {FIELDS.map(({ name, label, limit, type = "text", placeholder = "", wide = false }) => (
        <TextInput
          key={name}
          label={label}
          type={type}
          placeholder={placeholder}
          maxLength={limit}
          required={name === "name"}
          dir={type === "text" ? "auto" : "ltr"}
          autoComplete="off"
          value={draft[name]}
          onChange={(event) => set({ [name]: event.currentTarget.value })}
          {...(wide ? { style: { gridColumn: "1 / -1" } } : {})}
          {...(name === "name" ? { "data-autofocus": true } : {})}
        />
      ))}
    </div>
  );
}
