import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import { useMe } from "../auth/session";
import styles from "../sales/Opportunity.module.css";
import { useFields } from "../shared/useFields";
import { AccountFields, isComplete, patchOf } from "./AccountFields";

export function NewAccount({ opened, close }: { opened: boolean; close: () => void }) {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { values, set, reset } = useFields({
    name: "",
    website: "",
    industry: "",
    employees: "" as string | number,
    country: "",
    owner_id: me.id as string | null,
    notes: "",
  });
  const create = useMutation({
    mutationFn: () =>
      unwrap(api.POST("/api/v1/accounts", { body: { ...patchOf(values), name: values.name.trim() } })),
    onSuccess: (made) => {
      reset();
      close();
      void client.invalidateQueries({ queryKey: keys.allAccounts });
      void navigate({ to: "/sales/accounts/$accountId", params: { accountId: made.id } });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The account was not made", message: reasonOf(error) }),
  });
  return (
    <Modal opened={opened} onClose={close} title={<b>New account</b>} size="lg">
      <form
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete(values)) create.mutate();
        }}
      >
        <AccountFields draft={values} set={set} autoFocus />
        <div>
          <Button type="submit" disabled={!isComplete(values)} loading={create.isPending}>
            Add the account
          </Button>
        </div>
      </form>
    </Modal>
  );
}
