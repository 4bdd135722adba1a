import { Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { unwrap } from "../api/problems";
import { useMe } from "../auth/session";
import { Icon } from "../shared/Icon";
import { Empty, Failed, Loading } from "../shared/States";
import { Board } from "./Board";
import type { BoardSearch } from "./filters";
import { NewOpportunity } from "./NewOpportunity";
import { boardQuery, pipelinesQuery } from "./queries";
import { SalesNav } from "./SalesNav";
import styles from "./Sales.module.css";

export function BoardPage() {
  const search = useSearch({ from: "/in/sales" });
  const navigate = useNavigate();
  const pipelines = useQuery(pipelinesQuery);
  const all = pipelines.data?.items ?? [];
  const pipeline = all.find((one) => one.id === search.pipeline) ?? all[0];
  const board = useQuery(boardQuery(pipeline?.id ?? "", search));
  const [adding, { open, close }] = useDisclosure(false);
  const show = (change: BoardSearch) =>
    void navigate({
      to: "/sales",
      search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  return (
    <div className={styles.page}>
      <SalesNav title="Pipeline">
        <Search q={search.q ?? ""} change={(q) => show({ q })} />
        <SegmentedControl
          size="xs"
          aria-label="Whose"
          value={search.owner ?? ""}
          onChange={(owner) => show({ owner: owner as "me" })}
          data={[
            { value: "", label: "Everybody's" },
            { value: "me", label: "Mine" },
          ]}
        />
        {all.length > 1 && (
          <Select
            size="xs"
            aria-label="Pipeline"
            allowDeselect={false}
            data={all.map((one) => ({ value: one.id, label: one.name }))}
            value={pipeline?.id ?? null}
            onChange={(id) => id && show({ pipeline: id })}
          />
        )}
        <Button onClick={open}>New opportunity</Button>
      </SalesNav>
      {pipelines.isError || board.isError ? (
        <Failed
          what="The pipeline could not be loaded."
          error={pipelines.error ?? board.error}
          retry={() => void (pipelines.isError ? pipelines : board).refetch()}
        />
      ) : pipelines.isPending || (pipeline && board.isPending) ? (
        <Loading rows={6} height={72} />
      ) : pipeline && board.data ? (
        <Board board={board.data} filtered={Boolean(search.q ?? search.owner)} />
      ) : (
        <NoPipeline open={open} />
      )}
      <NewOpportunity opened={adding} close={close} pipeline={pipeline} />
    </div>
  );
}

function Search({ q, change }: { q: string; change: (q: string) => void }) {
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  const later = useDebouncedCallback((value: string) => change(value.trim()), 250);
  return (
    <TextInput
      type="search"
      size="xs"
      className={styles.search ?? ""}
      placeholder="Name of an opportunity"
      aria-label="Search opportunities"
      leftSection={<Icon name="search" />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
    />
  );
}

/** The first opportunity makes the usual pipeline; an admin may make it before that. */
function NoPipeline({ open }: { open: () => void }) {
  const me = useMe();
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/pipelines", { body: { name: "Sales", currency: "EUR", is_default: true } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.pipelines }),
  });
  return (
    <Empty
      title="No opportunities yet"
      icon="deal"
      action={
        me.role === "admin" ? (
          <Button variant="default" loading={make.isPending} onClick={() => make.mutate()}>
            Set up the usual stages
          </Button>
        ) : (
          <Button variant="default" onClick={open}>
            Open the first one
          </Button>
        )
      }
    >
      Everything that you may sell shows here, a column for each stage on the way to a sale.
    </Empty>
  );
}
