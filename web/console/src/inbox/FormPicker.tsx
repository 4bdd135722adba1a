import { Button, CloseButton, Menu } from "@mantine/core";
import type { FormChoice } from "../api/types";
import { Icon } from "../shared/Icon";
import styles from "./Composer.module.css";

interface PickerProps {
  forms: readonly FormChoice[];
  pick: (form: FormChoice) => void;
}

/** The site's forms; the one that is chosen goes with the next message. */
export function FormPicker({ forms, pick }: PickerProps) {
  return (
    <Menu position="top-start" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="table" size={14} />}>
          Form
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.forms}>
        <Menu.Label>Ask the customer to fill in</Menu.Label>
        {forms.map((form) => (
          <Menu.Item key={form.id} dir="auto" onClick={() => pick(form)}>
            {form.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The form that goes with what is being written, until it is sent or taken off. */
export function PickedForm({ form, drop }: { form: FormChoice; drop: () => void }) {
  return (
    <p className={styles.picked}>
      <Icon name="table" size={14} />
      <span dir="auto">{form.title}</span>
      <CloseButton size="sm" aria-label={`Do not send the form ${form.title}`} onClick={drop} />
    </p>
  );
}
