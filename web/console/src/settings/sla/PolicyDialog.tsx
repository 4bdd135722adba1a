import { Button, Modal, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { reasonOf, unwrap } from "../../api/problems";
import type { CalendarView, NewPolicy, PolicyView } from "../../api/types";
import { ConfirmButton } from "../../shared/ConfirmButton";
import { useFields } from "../../shared/useFields";
import { humanise } from "../../shared/words";
import { PRIORITIES, TYPES } from "../../tickets/filters";
import styles from "../Settings.module.css";
import { readMinutes, writeMinutes } from "./minutes";

interface DialogProps {
  policy: PolicyView | null;
  nextPosition: number;
  calendars: readonly CalendarView[];
  close: () => void;
}

const NO_TIME = "Like 4 h or 1 h 30 m";

export function PolicyDialog({ policy, nextPosition, calendars, close }: DialogProps) {
  const client = useQueryClient();
  const { values, set } = useFields({
    name: policy?.name ?? "",
    position: (policy?.position ?? nextPosition) as string | number,
    type: policy?.type ?? null,
    priority: policy?.priority ?? null,
    segment: policy?.segment ?? "",
    calendar_id: policy?.calendar_id ?? calendars.find((one) => one.is_default)?.id ?? calendars[0]?.id ?? "",
    first: writeMinutes(policy?.first_response_minutes ?? null),
    solved: writeMinutes(policy?.resolution_minutes ?? null),
    warn: writeMinutes(policy?.warn_minutes ?? 30),
    active: policy?.active ?? true,
  });
  const first = readMinutes(values.first);
  const solved = readMinutes(values.solved);
  const warn = readMinutes(values.warn) ?? 0;
  const isPromise = first !== null || solved !== null;
  const isComplete =
    values.name.trim() !== "" &&
    values.position !== "" &&
    isPromise &&
    [first, solved, warn].every((minutes) => !Number.isNaN(minutes));
  const body: NewPolicy = {
    name: values.name.trim(),
    position: Number(values.position),
    type: values.type,
    priority: values.priority,
    segment: values.segment.trim() || null,
    calendar_id: values.calendar_id,
    first_response_minutes: first,
    resolution_minutes: solved,
    warn_minutes: warn,
    active: values.active,
  };
  const done = () => {
    void client.invalidateQueries({ queryKey: keys.policies });
    void client.invalidateQueries({ queryKey: keys.allTickets });
    close();
  };
  const save = useMutation({
    mutationFn: () =>
      policy
        ? unwrap(
            api.PUT("/api/v1/sla-policies/{policy_id}", {
              params: { path: { policy_id: policy.id } },
              body: { ...body, version: policy.version },
            }),
          )
        : unwrap(api.POST("/api/v1/sla-policies", { body })),
    onSuccess: done,
    onError: (error) => {
      notifications.show({ color: "red", title: "The service level was not stored", message: reasonOf(error) });
      void client.invalidateQueries({ queryKey: keys.policies });
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/v1/sla-policies/{policy_id}", { params: { path: { policy_id: id } } })),
    onSuccess: done,
    onError: (error) =>
      notifications.show({ color: "red", title: "The service level is still there", message: reasonOf(error) }),
  });
  return (
    <Modal opened onClose={close} title={<b>{policy ? policy.name : "New service level"}</b>} size="lg">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete) save.mutate();
        }}
      >
        <div className={styles.two}>
          <TextInput
            data-autofocus
            label="Name"
            required
            maxLength={200}
            value={values.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <NumberInput
            label="Tried in this order"
            description="The lowest number first"
            min={0}
            max={10_000}
            allowDecimal={false}
            value={values.position}
            onChange={(position) => set({ position })}
            inputWrapperOrder={["label", "input", "description", "error"]}
          />
        </div>
        <div className={styles.two}>
          <Select
            label="Type of ticket"
            placeholder="Every type"
            clearable
            data={TYPES.map((value) => ({ value, label: humanise(value) }))}
            value={values.type}
            onChange={(type) => set({ type: type as typeof values.type })}
          />
          <Select
            label="Priority"
            placeholder="Every priority"
            clearable
            data={PRIORITIES.map((value) => ({ value, label: humanise(value) }))}
            value={values.priority}
            onChange={(priority) => set({ priority: priority as typeof values.priority })}
          />
          <TextInput
            label="Segment of the customer"
            placeholder="Everybody"
            maxLength={200}
            value={values.segment}
            onChange={(event) => set({ segment: event.currentTarget.value })}
          />
        </div>
        <Select
          label="Counted in the open hours of"
          allowDeselect={false}
          data={calendars.map((one) => ({ value: one.id, label: one.name }))}
          value={values.calendar_id}
          onChange={(calendar_id) => set({ calendar_id: calendar_id ?? values.calendar_id })}
        />
        <div className={styles.two}>
          <TextInput
            label="First answer within"
            placeholder="Not promised"
            error={Number.isNaN(first) ? NO_TIME : isPromise ? null : "Promise at least one of the two"}
            value={values.first}
            onChange={(event) => set({ first: event.currentTarget.value })}
          />
          <TextInput
            label="Solved within"
            placeholder="Not promised"
            error={Number.isNaN(solved) ? NO_TIME : null}
            value={values.solved}
            onChange={(event) => set({ solved: event.currentTarget.value })}
          />
          <TextInput
            label="Told before it is late"
            error={Number.isNaN(warn) ? NO_TIME : null}
            value={values.warn}
            onChange={(event) => set({ warn: event.currentTarget.value })}
          />
        </div>
        <Switch
          label="In force"
          checked={values.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        <div className={styles.foot}>
          <Button type="submit" disabled={!isComplete} loading={save.isPending}>
            Save
          </Button>
          {policy && (
            <ConfirmButton
              label="Remove"
              question={`“${policy.name}” is forgotten; its tickets fall under the next one that fits.`}
              confirm="Remove it"
              busy={remove.isPending}
              run={() => remove.mutate(policy.id)}
            />
          )}
        </div>
      </form>
    </Modal>
  );
}
