import { Button, Group, Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { AccountDetail } from "../api/types";
import { type Choice, RemoteSelect } from "../shared/RemoteSelect";
import { accountChoices } from "./queries";

interface MergeProps {
  account: AccountDetail;
  opened: boolean;
  close: () => void;
}

/** Make one account of two. It cannot be taken back, so it names both before it is done. */
export function MergeAccounts({ account, opened, close }: MergeProps) {
  const client = useQueryClient();
  const [other, setOther] = useState<Choice | null>(null);
  const merge = useMutation({
    mutationFn: (from: Choice) =>
      unwrap(
        api.POST("/api/v1/accounts/{account_id}/merge", {
          params: { path: { account_id: account.id } },
          body: { version: account.version, from_id: from.value },
        }),
      ),
    onSuccess: (changed, from) => {
      setOther(null);
      close();
      client.setQueryData(keys.account(account.id), changed);
      void client.invalidateQueries({ queryKey: keys.allAccounts });
      void client.invalidateQueries({ queryKey: keys.opportunitiesOf(account.id) });
      void client.invalidateQueries({ queryKey: keys.ticketsOf(account.id) });
      notifications.show({ title: "One account now", message: `${from.label} is part of ${account.name}.` });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "They were not merged", message: reasonOf(error) }),
  });
  return (
    <Modal opened={opened} onClose={close} title={<b>Merge another account into {account.name}</b>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (other) merge.mutate(other);
        }}
      >
        <RemoteSelect
          label="The account that will be part of this one"
          placeholder="Name of an account"
          nothing="No account like that"
          value={other}
          choose={setOther}
          search={(q) => {
            const choices = accountChoices(q);
            return {
              queryKey: [...choices.queryKey, "but", account.id],
              queryFn: async () => (await choices.queryFn()).filter((one) => one.value !== account.id),
            };
          }}
          autoFocus
        />
        <Text size="sm" mt="sm" c="dimmed">
          Its contacts, opportunities and tasks come here; what is blank here is filled from it. This
          cannot be taken back.
        </Text>
        <Group mt="md">
          <Button type="submit" disabled={!other} loading={merge.isPending}>
            {other ? `Merge ${other.label} into ${account.name}` : "Merge"}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
