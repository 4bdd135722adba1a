import { Button, Group, Modal, Switch, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { reasonOf, unwrap } from "../../api/problems";
import { Empty, Failed, Loading } from "../../shared/States";
import { Head } from "../Head";
import styles from "../Settings.module.css";
import { PipelineCard } from "./PipelineCard";
import { pipelinesWith } from "./queries";

export function PipelinesPage() {
  const [archived, setArchived] = useState(false);
  const query = useQuery(pipelinesWith(archived));
  const [adding, { open, close }] = useDisclosure(false);
  const items = query.data?.items ?? [];
  return (
    <>
      <Head
        title="Pipelines"
        about="The stages that an opportunity goes through, and how likely a sale is in each: the forecast is made of them."
      >
        <Group>
          <Switch
            label="Show archived"
            checked={archived}
            onChange={(event) => setArchived(event.currentTarget.checked)}
          />
          <Button onClick={open}>New pipeline</Button>
        </Group>
      </Head>
      {query.isPending ? (
        <Loading rows={3} height={120} />
      ) : query.isError ? (
        <Failed what="The pipelines could not be loaded." error={query.error} retry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <Empty title="No pipeline yet" icon="deal" action={<Button onClick={open}>New pipeline</Button>}>
          The first opportunity makes one with the usual stages, too.
        </Empty>
      ) : (
        <ul className={styles.cards}>
          {items.map((pipeline) => (
            <PipelineCard key={`${pipeline.id} ${pipeline.version}`} pipeline={pipeline} />
          ))}
        </ul>
      )}
      <NewPipeline opened={adding} close={close} isFirst={items.length === 0} />
    </>
  );
}

function NewPipeline({ opened, close, isFirst }: { opened: boolean; close: () => void; isFirst: boolean }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [currency, setCurrency] = useState("EUR");
  const create = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/v1/pipelines", {
          body: { name: name.trim(), currency: currency.trim().toUpperCase(), is_default: isFirst },
        }),
      ),
    onSuccess: () => {
      setName("");
      close();
      void client.invalidateQueries({ queryKey: keys.pipelines });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The pipeline was not made", message: reasonOf(error) }),
  });
  const isComplete = name.trim() !== "" && /^[A-Za-z]{3}$/.test(currency.trim());
  return (
    <Modal opened={opened} onClose={close} title={<b>New pipeline</b>}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete) create.mutate();
        }}
      >
        <TextInput
          data-autofocus
          label="Name"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Currency, by its three letters"
          maxLength={3}
          value={currency}
          onChange={(event) => setCurrency(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" disabled={!isComplete} loading={create.isPending}>
            Add it with the usual stages
          </Button>
        </div>
      </form>
    </Modal>
  );
}
