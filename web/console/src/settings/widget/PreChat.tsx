import { Switch } from "@mantine/core";
import styles from "../Settings.module.css";
import type { SiteDraft } from "./draft";
import { blankField } from "./fields";
import { FieldRows } from "./FieldRows";
import { LocalText } from "./LocalText";
import type { Problems } from "./problems";

interface PreChatProps {
  draft: SiteDraft;
  problems: Problems;
  set: (values: Partial<SiteDraft>) => void;
}

/** What guests are asked before a chat; switched off, what was written stays until it is saved. */
export function PreChat({ draft, problems, set }: PreChatProps) {
  return (
    <section className={styles.form} aria-labelledby="pre-chat">
      <h3 id="pre-chat">Before a chat</h3>
      <Switch
        label="Ask guests who they are"
        description="Customers whom the shop has signed in are not asked"
        checked={draft.asks}
        onChange={(event) => {
          const asks = event.currentTarget.checked;
          set({ asks, ...(asks && draft.fields.length === 0 ? { fields: [blankField()] } : {}) });
        }}
      />
      {draft.asks && (
        <>
          <LocalText
            label="Introduction"
            texts={draft.intro}
            locales={draft.locales}
            most={500}
            tall
            error={problems.get("pre_chat.intro")?.message}
            change={(intro) => set({ intro })}
          />
          <FieldRows
            path="pre_chat.fields"
            fields={draft.fields}
            locales={draft.locales}
            problems={problems}
            change={(fields) => set({ fields })}
          />
        </>
      )}
    </section>
  );
}
