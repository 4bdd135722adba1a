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
import { type CampaignDraft, CampaignFields, patchOf, problemsOf } from "./CampaignFields";

export function NewCampaign({ opened, close }: { opened: boolean; close: () => void }) {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { values, set, reset } = useFields<CampaignDraft>({
    name: "",
    goal: "",
    channel: "email",
    message: "",
    segment_id: null,
    starts_at: "",
    ends_at: "",
    max_touches: 1,
    within_days: 7,
    owner_id: me.id,
  });
  const isComplete = Object.keys(problemsOf(values)).length === 0;
  const create = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/campaigns", {
          body: { ...patchOf(values), name: values.name.trim(), channel: values.channel },
        }),
      ),
    onSuccess: (made) => {
      reset();
      close();
      client.setQueryData(keys.campaign(made.id), made);
      void client.invalidateQueries({ queryKey: keys.allCampaigns });
      void navigate({ to: "/sales/campaigns/$campaignId", params: { campaignId: made.id } });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The campaign was not made", message: reasonOf(error) }),
  });
  return (
    <Modal opened={opened} onClose={close} title={<b>New campaign</b>} size="lg">
      <form
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete) create.mutate();
        }}
      >
        <CampaignFields draft={values} set={set} autoFocus />
        <div>
          <Button type="submit" disabled={!isComplete} loading={create.isPending}>
            Make a draft
          </Button>
        </div>
      </form>
    </Modal>
  );
}
